import assert from 'node:assert/strict';
import { errorXml, noSuchKey, requesterPaysMissing, wrongEndpoint } from '../../server/http/ossError.ts';
import { text, texts } from './support/ossXml.ts';
import { vectors } from './support/vectors.ts';

describe('error documents', () => {
  it('an error document equals a published x-oss-err byte for byte', () => {
    const published = Buffer.from(vectors.xOssErrHeader.base64, 'base64').toString('utf8');
    assert.equal(
      errorXml(
        noSuchKey('walker2asdasdasd.txt'),
        '6556E3AED11E553933CCDEDF',
        'demo-walker-6961.oss-cn-hangzhou.aliyuncs.com',
      ),
      published,
    );
  });

  it('the error for a wrong endpoint names the bucket and the right endpoint, as documented', () => {
    const ours = errorXml(wrongEndpoint('example-bucket', 'oss-cn-hangzhou.aliyuncs.com'), 'R', 'H');
    const published = vectors.errorXmlDocs.find((example) => example.name === 'region mismatch')!.xml;
    for (const name of ['Code', 'Message', 'Bucket', 'Endpoint', 'EC']) {
      assert.deepEqual(texts(ours, name), texts(published, name), name);
    }
  });

  it('the error of a requester-pays bucket has the published message and EC', () => {
    const ours = errorXml(requesterPaysMissing('test'), 'R', 'H');
    const published = vectors.errorXml.find((example) => example.ec === '0003-00000703')!.xml;
    for (const name of ['Code', 'Message', 'BucketName', 'EC']) {
      assert.equal(text(ours, name), text(published, name), name);
    }
  });
});
