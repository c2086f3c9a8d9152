import { defined } from '../../base/defined.ts';
import type { Check, Diagnosis, Finding } from '../../oss/diagnosis/diagnosis.ts';
import { fullDate, relativeDate } from '../ui/localFormat.ts';
import { errorSentence, supportFacts } from '../errors/errorTexts.ts';
import type { Localizer } from '../ui/localizer.ts';
import { locationName } from './bucketLocationTexts.ts';

export interface DiagnosisContext {
  readonly l10n: Localizer;
  /** BCP 47 tag of the user's language. */
  readonly language: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/**
 * A diagnosis as text: one line a step with its result, and the remedy after the failed step.
 */
export function diagnosisText({ findings, failure }: Diagnosis, context: DiagnosisContext): string {
  const lines = findings.map((finding) => `✓ ${findingText(finding, context)}`);
  if (failure === undefined) {
    return lines.join('\n');
  }
  const { l10n } = context;
  const facts = supportFacts(failure.error);
  return [
    ...lines,
    `✗ ${checkName(failure.check, l10n)}`,
    '',
    errorSentence(failure.error, l10n),
    ...(facts === '' ? [] : ['', facts]),
  ].join('\n');
}

/** Name of a failed step. */
function checkName(check: Check, l10n: Localizer): string {
  switch (check) {
    case 'key':
      return l10n.t('Getting the key');
    case 'route':
      return l10n.t('Finding the way: proxy settings');
    case 'name':
      return l10n.t('Resolving the host name');
    case 'connection':
      return l10n.t('Connecting');
    case 'certificate':
      return l10n.t('Checking the certificate');
    case 'answer':
      return l10n.t('Getting an answer of OSS');
    case 'permission':
      return l10n.t('Signing in and listing');
  }
}

function findingText(finding: Finding, context: DiagnosisContext): string {
  const { l10n } = context;
  switch (finding.check) {
    case 'key':
      return keyText(finding, context);
    case 'route': {
      const { origin, proxy } = finding;
      return proxy === undefined
        ? l10n.t('{0}, without a proxy', origin)
        : l10n.t('{0}, through the proxy {1} (from {2})', origin, proxy.origin, proxy.setting);
    }
    case 'name':
      return l10n.t('{0} is {1}', finding.host, finding.addresses.slice(0, 4).join(', '));
    case 'connection':
      return l10n.t('Port {0} of {1} answers in {2} ms', finding.port, finding.host, finding.tookMs);
    case 'certificate':
      return certificateText(finding, context);
    case 'answer':
      return clockText(finding, context);
    case 'permission':
      return permissionText(finding, l10n);
  }
}

function permissionText({ bucket, prefix }: Finding & { check: 'permission' }, l10n: Localizer): string {
  if (bucket === undefined) {
    return l10n.t('The key is right and may list buckets');
  }
  return l10n.t('The key is right and may list {0}', locationName({ bucket, ...defined({ prefix }) }));
}

function keyText(
  { keyId, isTemporary, expiresAtMs }: Finding & { check: 'key' },
  { l10n, language, nowMs }: DiagnosisContext,
): string {
  if (keyId === undefined) {
    return l10n.t('Anonymous: nothing is signed');
  }
  if (!isTemporary) {
    return l10n.t('AccessKey {0}', keyId);
  }
  return expiresAtMs === undefined
    ? l10n.t('AccessKey {0}, temporary', keyId)
    : l10n.t('AccessKey {0}, temporary, ends {1}', keyId, relativeDate(expiresAtMs, nowMs, language));
}

function certificateText(
  { certificate: { subject, issuer, validToMs, problem }, isChecked }: Finding & { check: 'certificate' },
  { l10n, language }: DiagnosisContext,
): string {
  const text = l10n.t('Certificate of {0}, issued by {1}, until {2}', subject, issuer, fullDate(validToMs, language));
  if (isChecked) {
    return text;
  }
  const reason = problem === undefined ? '' : ` (${problem})`;
  return `${text}. ${l10n.t('It is not checked, since {0} is off{1}.', 'http.proxyStrictSSL', reason)}`;
}

function clockText({ skewMs }: Finding & { check: 'answer' }, { l10n, language, nowMs }: DiagnosisContext): string {
  // The Date header counts seconds, so the difference is rounded to minutes.
  const minutes = Math.round(Math.abs(skewMs ?? 0) / 60_000);
  if (skewMs === undefined || minutes === 0) {
    return l10n.t('OSS answers');
  }
  const serverMs = nowMs + Math.sign(skewMs) * minutes * 60_000;
  return l10n.t('OSS answers; seen from this clock, its own stands at: {0}', relativeDate(serverMs, nowMs, language));
}
