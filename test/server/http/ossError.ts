import { xmlDocument } from './xml.ts';
import type { XmlNode } from './xml.ts';

/** What OSS answers instead of what was asked. Handlers throw it; the router turns it into a response. */
export class OssError extends Error {
  override readonly name = 'OssError';
  readonly status: number;
  readonly code: string;
  readonly ec: string | undefined;
  /** Further elements of the XML, in order. */
  readonly elements: readonly XmlNode[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    code: string,
    ec: string | undefined,
    message: string,
    elements: readonly XmlNode[] = [],
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.status = status;
    this.code = code;
    this.ec = ec;
    this.elements = elements;
    this.headers = headers;
  }
}

/** The error document; the same text stands base64-encoded in `x-oss-err` where there is no body. */
export function errorXml(error: OssError, requestId: string, hostId: string): string {
  return xmlDocument([
    'Error',
    [
      ['Code', error.code],
      ['Message', error.message],
      ['RequestId', requestId],
      ['HostId', hostId],
      ...error.elements,
      error.ec === undefined ? undefined : ['EC', error.ec],
      error.ec === undefined ? undefined : ['RecommendDoc', `https://api.aliyun.com/troubleshoot?q=${error.ec}`],
    ],
  ]);
}

// One factory a failure. An EC is given where a public source names it; where none does, the element is absent.

export const noSuchKey = (key: string, headers: Readonly<Record<string, string>> = {}): OssError =>
  new OssError(404, 'NoSuchKey', '0026-00000001', 'The specified key does not exist.', [['Key', key]], headers);
export const noSuchVersion = (key: string, versionId: string): OssError =>
  new OssError(404, 'NoSuchVersion', undefined, 'The specified version does not exist.', [
    ['Key', key],
    ['VersionId', versionId],
  ]);
export const noSuchBucket = (bucket: string): OssError =>
  new OssError(404, 'NoSuchBucket', '0015-00000101', 'The specified bucket does not exist.', [['BucketName', bucket]]);
export const symlinkTargetMissing = (key: string): OssError =>
  new OssError(404, 'SymlinkTargetNotExist', '0026-00000012', 'The symlink target object does not exist.', [
    ['Key', key],
  ]);
export const symlinkToSymlink = (key: string): OssError =>
  new OssError(400, 'InvalidTargetType', undefined, 'The symlink target object is also a symlink.', [['Key', key]]);
export const invalidArgument = (message: string, name: string, value: string, ec?: string): OssError =>
  new OssError(400, 'InvalidArgument', ec, message, [
    ['ArgumentName', name],
    ['ArgumentValue', value],
  ]);
export const invalidObjectName = (): OssError =>
  new OssError(400, 'InvalidObjectName', undefined, 'The specified object is not valid.');
export const invalidBucketName = (bucket: string): OssError =>
  new OssError(400, 'InvalidBucketName', undefined, 'The specified bucket is not valid.', [['BucketName', bucket]]);
export const accessDenied = (message: string, ec = '0003-00000001', elements: readonly XmlNode[] = []): OssError =>
  new OssError(403, 'AccessDenied', ec, message, elements);
export const wrongEndpoint = (bucket: string, endpoint: string): OssError =>
  accessDenied(
    'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all ' +
      'future requests to this endpoint.',
    '0003-00001403',
    [
      ['Bucket', bucket],
      ['Endpoint', endpoint],
    ],
  );
export const pathStyleForbidden = (): OssError =>
  new OssError(
    403,
    'SecondLevelDomainForbidden',
    undefined,
    'The bucket you are attempting to access must be addressed using OSS third level domain.',
  );
export const invalidAccessKeyId = (accessKeyId: string, ec = '0002-00000902'): OssError =>
  new OssError(403, 'InvalidAccessKeyId', ec, 'The OSS Access Key Id you provided does not exist in our records.', [
    ['OSSAccessKeyId', accessKeyId],
  ]);
export const signatureDoesNotMatch = (elements: readonly XmlNode[]): OssError =>
  new OssError(
    403,
    'SignatureDoesNotMatch',
    '0002-00000201',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    elements,
  );
export const securityTokenExpired = (): OssError =>
  new OssError(403, 'SecurityTokenExpired', '0002-00000007', 'The security token you provided has expired.');
export const invalidSecurityToken = (): OssError =>
  new OssError(403, 'InvalidSecurityToken', '0002-00000006', 'The security token you provided is invalid.');
export const invalidSigningRegion = (): OssError =>
  new OssError(400, 'InvalidArgument', '0002-00000226', 'Invalid signing region in Authorization header.');
export const urlExpired = (expires: string, serverTime: string): OssError =>
  accessDenied('Request has expired.', '0002-00000236', [
    ['Expires', expires],
    ['ServerTime', serverTime],
  ]);
export const requestTimeTooSkewed = (requestTime: string, serverTime: string): OssError =>
  new OssError(
    403,
    'RequestTimeTooSkewed',
    '0002-00000504',
    'The difference between the request time and the current time is too large.',
    [
      ['MaxAllowedSkewMilliseconds', 900_000],
      ['RequestTime', requestTime],
      ['ServerTime', serverTime],
    ],
  );
export const requesterPaysMissing = (bucket: string): OssError =>
  accessDenied('Access denied for requester pay bucket', '0003-00000703', [['BucketName', bucket]]);
export const invalidObjectState = (key: string): OssError =>
  new OssError(403, 'InvalidObjectState', undefined, "The operation is not valid for the object's state", [
    ['ObjectName', key],
  ]);
export const restoreInProgress = (): OssError =>
  new OssError(409, 'RestoreAlreadyInProgress', '0016-00000701', 'The restore operation is in progress.');
export const notArchived = (): OssError =>
  new OssError(400, 'OperationNotSupported', undefined, 'The operation is not supported for this resource');
export const preconditionFailed = (condition: string): OssError =>
  new OssError(412, 'PreconditionFailed', undefined, 'At least one of the pre-conditions you specified did not hold.', [
    ['Condition', condition],
  ]);
export const invalidRange = (requested: string, sizeBytes: number): OssError =>
  new OssError(416, 'InvalidRange', undefined, 'The requested range cannot be satisfied', [
    ['ActualObjectSize', sizeBytes],
    ['RangeRequested', requested],
  ]);
export const invalidDigest = (): OssError =>
  new OssError(400, 'InvalidDigest', undefined, 'The Content-MD5 you specified was invalid.');
export const methodNotAllowed = (
  method: string,
  resourceType: string,
  headers: Readonly<Record<string, string>> = {},
): OssError =>
  new OssError(
    405,
    'MethodNotAllowed',
    undefined,
    'The specified method is not allowed against this resource.',
    [
      ['Method', method],
      ['ResourceType', resourceType],
    ],
    headers,
  );
export const notImplemented = (what: string): OssError =>
  new OssError(501, 'NotImplemented', undefined, `This local server does not know ${what}.`);
