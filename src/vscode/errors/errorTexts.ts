import { hasTrait } from './errorTraits.ts';
import { sourceSentence } from './sourceTexts.ts';
import type { ErrorCode, ErrorDetails, ErrorRecord } from '../../base/errors.ts';
import type { Localizer } from '../ui/localizer.ts';

/** Action that may solve an error, offered as a button. */
export type Remedy = 'retry' | 'editCredentials' | 'editProfile' | 'proxySettings' | 'certificateSettings' | 'settings';

type Sentence = (l10n: Localizer, details: ErrorDetails) => string;

/** One sentence a code: the subject, the problem and the way out. A new code without one does not compile. */
const sentences: Readonly<Record<ErrorCode, Sentence>> = {
  'auth/missingCredentials': (l10n, d) =>
    l10n.t('No AccessKey is stored for {0}. Enter it with Edit Credentials.', profileIn(l10n, d)),
  'auth/sourceFailed': sourceSentence,
  'auth/unknownKey': (l10n) => l10n.t('OSS does not know this AccessKey ID. Check it with Edit Credentials.'),
  'auth/wrongSecret': (l10n) => l10n.t('The AccessKey secret is wrong. Enter it again with Edit Credentials.'),
  'auth/tokenExpired': (l10n) =>
    l10n.t('The security token is invalid or has expired. Enter a new one with Edit Credentials.'),
  'auth/accessDenied': (l10n, d) =>
    l10n.t('Access to {0} is denied. Ask its owner for permission, or use another profile.', subjectIn(l10n, d)),
  'auth/clockSkewed': (l10n) =>
    l10n.t(
      'The clock of this computer is more than 15 minutes off, so OSS refuses its requests. Set the clock and try ' +
        'again.',
    ),
  'auth/urlExpired': (l10n, d) => l10n.t('The signed URL of {0} has expired. A new one is needed.', subjectIn(l10n, d)),
  'bucket/notFound': (l10n, d) => l10n.t('There is no bucket {0}. Check its name.', bucketIn(l10n, d)),
  'object/notFound': (l10n, d) =>
    l10n.t('{0} does not exist. It may have been deleted: refresh the view.', subjectIn(l10n, d)),
  'object/changed': (l10n, d) =>
    l10n.t(
      '{0} was changed in OSS while it was being downloaded. Retry to download the new version from its start.',
      subjectIn(l10n, d),
    ),
  'object/archived': (l10n, d) =>
    l10n.t('{0} is archived. Choose Restore and Download in its menu in the Buckets view.', subjectIn(l10n, d)),
  'object/corrupt': (l10n, d) =>
    l10n.t('What arrived of {0} does not match its checksum, so no file was written. Try again.', subjectIn(l10n, d)),
  'object/tooLarge': (l10n, d) =>
    l10n.t(
      '{0} is too large for an editor. Download it, or choose Preview Start… in its menu in the Buckets view.',
      subjectIn(l10n, d),
    ),
  'endpoint/wrongRegion': (l10n, d) =>
    l10n.t('{0} is in another region than this profile names. Add a profile for its region.', subjectIn(l10n, d)),
  'endpoint/wrongEndpoint': (l10n, d) =>
    d.endpoint === undefined
      ? l10n.t(
          '{0} cannot be reached through this endpoint. Add a profile with its own region or endpoint.',
          subjectIn(l10n, d),
        )
      : l10n.t(
          '{0} can be reached only through the endpoint {1}. Add a profile with that endpoint.',
          subjectIn(l10n, d),
          d.endpoint,
        ),
  'network/nameNotResolved': (l10n, d) =>
    l10n.t('The name of {0} cannot be resolved. Check the endpoint, the network and the proxy.', hostIn(l10n, d)),
  'network/unreachable': (l10n, d) =>
    d.proxy !== undefined
      ? l10n.t(
          'The proxy {0} (from {1}) wants a user and a password, or does not take those that it got. Write them ' +
            'into its URL as http://user:password@host:port, or set http.proxyAuthorization.',
          d.proxy.origin,
          d.proxy.setting,
        )
      : l10n.t('{0} cannot be reached. Check the endpoint, the network and the proxy.', hostIn(l10n, d)),
  'network/certificate': (l10n, d) => certificateSentence(l10n, d),
  'network/interrupted': (l10n, d) =>
    l10n.t('The connection to {0} broke again and again. Try again when the network is better.', hostIn(l10n, d)),
  'network/stalled': (l10n, d) =>
    l10n.t('{0} sent no more data. Try again when the network is better.', hostIn(l10n, d)),
  'server/throttled': (l10n) => l10n.t('OSS asks to slow down. Try again later, or with fewer connections.'),
  'server/failed': (l10n) => l10n.t('OSS failed to answer. Try again later.'),
  'server/refused': (l10n, d) => l10n.t('OSS refused the request for {0}. The log says why.', subjectIn(l10n, d)),
  'server/unexpectedAnswer': (l10n, d) =>
    l10n.t('The answer for {0} is none that OSS gives. Check the endpoint and the proxy.', subjectIn(l10n, d)),
  'range/notHonoured': (l10n, d) =>
    l10n.t('The server does not send the part of {0} that it was asked for. Try again.', subjectIn(l10n, d)),
  'disk/full': (l10n, d) => l10n.t('There is not enough free space for {0}. Free some and resume.', fileIn(l10n, d)),
  'disk/denied': (l10n, d) =>
    l10n.t('{0} may not be written. Choose another folder, or change its permissions.', fileIn(l10n, d)),
  'disk/missing': (l10n, d) => l10n.t('{0} does not exist any more. Choose another folder.', fileIn(l10n, d)),
  'disk/targetExists': (l10n, d) => l10n.t('{0} is already there. Choose another name or folder.', fileIn(l10n, d)),
  'disk/failed': (l10n, d) => l10n.t('{0} cannot be written. The log says why.', fileIn(l10n, d)),
  'checkpoint/unreadable': (l10n) => l10n.t('The record of this download is damaged. Start the download again.'),
  'checkpoint/newerVersion': (l10n) =>
    l10n.t('This download was started by a newer version of OSS Downloader. Update the extension to go on with it.'),
  'download/ownedElsewhere': (l10n) =>
    l10n.t('Another window is working on this download. Use that window, or close it.'),
  'download/notFound': (l10n) => l10n.t('This download is not in the list any more.'),
  'input/invalidPath': (l10n, d) =>
    l10n.t('Not a path of an OSS object: {0}. It looks like oss://bucket/folder/file.txt.', d.subject ?? ''),
  'input/invalidUrl': (l10n, d) =>
    l10n.t(
      'Nothing can be downloaded from this address: {0}. A URL starts with https:// or http:// and a host, ' +
        'without user name and password.',
      d.subject ?? '',
    ),
  'input/invalidEndpoint': (l10n, d) =>
    l10n.t('Not an endpoint: {0}. It looks like https://oss-cn-hangzhou.aliyuncs.com.', d.subject ?? ''),
  'input/invalidProfile': (l10n, d) => l10n.t('A profile in the settings is not valid: {0}', d.subject ?? ''),
  'input/unknownProfile': (l10n, d) => l10n.t('There is no profile of this name: {0}', d.subject ?? ''),
  'input/invalidName': (l10n, d) => l10n.t('This name cannot be used: {0}', d.subject ?? ''),
  'input/invalidSpeed': (l10n, d) =>
    l10n.t('Not a speed: {0}. It is a number of MB per second from 0.1 to 100000, or 0 for no limit.', d.subject ?? ''),
  internal: (l10n) => l10n.t('Something went wrong inside OSS Downloader. The log has the details.'),
};

/** Remedies a code, the most likely first. A new code without an entry does not compile. */
const remedies: Readonly<Record<ErrorCode, readonly Remedy[]>> = {
  'auth/missingCredentials': ['editCredentials', 'retry'],
  'auth/sourceFailed': ['retry', 'editProfile'],
  'auth/unknownKey': ['editCredentials', 'retry'],
  'auth/wrongSecret': ['editCredentials', 'retry'],
  'auth/tokenExpired': ['editCredentials', 'retry'],
  'auth/accessDenied': ['editCredentials', 'retry'],
  'auth/clockSkewed': ['retry'],
  'auth/urlExpired': [],
  'bucket/notFound': ['retry'],
  'object/notFound': ['retry'],
  'object/changed': ['retry'],
  'object/archived': [],
  'object/corrupt': ['retry'],
  'object/tooLarge': [],
  'endpoint/wrongRegion': ['editProfile', 'retry'],
  'endpoint/wrongEndpoint': ['editProfile', 'retry'],
  'network/nameNotResolved': ['retry', 'proxySettings'],
  'network/unreachable': ['retry', 'proxySettings'],
  'network/certificate': ['retry', 'certificateSettings'],
  'network/interrupted': ['retry'],
  'network/stalled': ['retry'],
  'server/throttled': ['retry'],
  'server/failed': ['retry'],
  'server/refused': ['retry'],
  'server/unexpectedAnswer': ['retry', 'proxySettings'],
  'range/notHonoured': ['retry'],
  'disk/full': ['retry'],
  'disk/denied': ['retry'],
  'disk/missing': ['retry'],
  'disk/targetExists': ['retry'],
  'disk/failed': ['retry'],
  'checkpoint/unreadable': [],
  'checkpoint/newerVersion': [],
  'download/ownedElsewhere': ['retry'],
  'download/notFound': [],
  'input/invalidPath': [],
  'input/invalidUrl': [],
  'input/invalidEndpoint': ['editProfile', 'settings'],
  'input/invalidProfile': ['settings'],
  'input/unknownProfile': ['settings'],
  'input/invalidName': [],
  'input/invalidSpeed': [],
  internal: [],
};

function certificateSentence(l10n: Localizer, d: ErrorDetails): string {
  if (d.caFile !== undefined) {
    return l10n.t(
      '{0} holds no certificates that can be used. Correct the file, or the setting {1} that names it.',
      d.caFile,
      'ossDownloader.network.caFile',
    );
  }
  return d.certificate === undefined
    ? l10n.t(
        'The certificate of {0} is not trusted. Check the endpoint, and the proxy and certificate settings.',
        hostIn(l10n, d),
      )
    : l10n.t(
        'The certificate of {0} was issued to {1} by {2} and is not trusted ({3}). If that is a proxy or a ' +
          'private cloud that you trust, name the file of its CA in {4}, or add it to the certificates of this ' +
          'computer.',
        hostIn(l10n, d),
        d.certificate.subject,
        d.certificate.issuer,
        d.certificate.problem,
        'ossDownloader.network.caFile',
      );
}

/** An error as one sentence in the user's language. */
export function errorSentence(error: Pick<ErrorRecord, 'code' | 'details'>, l10n: Localizer): string {
  return sentences[error.code](l10n, error.details);
}

/**
 * The same for an error about one known object, whose name replaces the URL in the sentence.
 *
 * @param name display name of the object
 */
export function objectSentence(
  { code, details }: Pick<ErrorRecord, 'code' | 'details'>,
  name: string,
  l10n: Localizer,
): string {
  return errorSentence(
    { code, details: hasTrait(code, 'namesObject') ? { ...details, subject: name } : details },
    l10n,
  );
}

/** Remedies for an error, the most likely first. */
export function remediesFor(code: ErrorCode): readonly Remedy[] {
  return remedies[code];
}

/** The facts that Alibaba Cloud's support asks for, as one line; empty for an error that is not from OSS. */
export function supportFacts({ details }: Pick<ErrorRecord, 'details'>): string {
  const facts: readonly (readonly [string, string | number | undefined])[] = [
    ['HTTP', details.status],
    ['Code', details.ossCode],
    ['EC', details.ec],
    ['RequestId', details.requestId],
  ];
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`])).join(', ');
}

function subjectIn(l10n: Localizer, details: ErrorDetails): string {
  return details.subject ?? l10n.t('the object');
}

function bucketIn(l10n: Localizer, details: ErrorDetails): string {
  return /^oss:\/\/([^/]+)/.exec(details.subject ?? '')?.[1] ?? subjectIn(l10n, details);
}

function hostIn(l10n: Localizer, details: ErrorDetails): string {
  return /^https?:\/\/([^/?#]+)/i.exec(details.subject ?? '')?.[1] ?? details.subject ?? l10n.t('the server');
}

function fileIn(l10n: Localizer, details: ErrorDetails): string {
  return details.subject ?? l10n.t('the file');
}

function profileIn(l10n: Localizer, details: ErrorDetails): string {
  return details.subject ?? l10n.t('this profile');
}
