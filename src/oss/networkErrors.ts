import { AppError } from '../base/errors.ts';
import type { ErrorCode } from '../base/errors.ts';

interface Failure {
  readonly code: ErrorCode;
  readonly text: string;
  readonly retryable: boolean;
}

const nameNotResolved: Failure = {
  code: 'network/nameNotResolved',
  text: 'the host name does not resolve',
  retryable: true,
};
const unreachable: Failure = { code: 'network/unreachable', text: 'the host cannot be reached', retryable: true };
const interrupted: Failure = { code: 'network/interrupted', text: 'the connection was interrupted', retryable: true };
const stalled: Failure = { code: 'network/stalled', text: 'the server fell silent', retryable: true };
const certificate: Failure = { code: 'network/certificate', text: 'the certificate is not trusted', retryable: false };
const noTls: Failure = { code: 'network/unreachable', text: 'no TLS connection could be made', retryable: true };
const garbage: Failure = { code: 'server/unexpectedAnswer', text: 'the answer is not valid HTTP', retryable: true };

/** @see Node's documentation, "Common system errors"; undici's "Errors" */
const byCode: Readonly<Record<string, Failure>> = {
  ENOTFOUND: nameNotResolved,
  EAI_AGAIN: nameNotResolved,
  ENODATA: nameNotResolved,
  ECONNREFUSED: unreachable,
  EHOSTUNREACH: unreachable,
  EHOSTDOWN: unreachable,
  ENETUNREACH: unreachable,
  ENETDOWN: unreachable,
  EADDRNOTAVAIL: unreachable,
  ETIMEDOUT: unreachable,
  UND_ERR_CONNECT_TIMEOUT: unreachable,
  UND_ERR_PRX_CONN: unreachable,
  UND_ERR_HEADERS_TIMEOUT: stalled,
  UND_ERR_BODY_TIMEOUT: stalled,
  ECONNRESET: interrupted,
  ECONNABORTED: interrupted,
  EPIPE: interrupted,
  UND_ERR_SOCKET: interrupted,
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: interrupted,
  HPE_INVALID_EOF_STATE: interrupted,
  // The dispatcher was closed or replaced during the request.
  UND_ERR_DESTROYED: interrupted,
  UND_ERR_CLOSED: interrupted,
  UND_ERR_HEADERS_OVERFLOW: garbage,
  UND_ERR_PRX_TLS: certificate,
  EPROTO: noTls,
};

/** @see OpenSSL's X509_V_ERR_* as Node spells them (tls, "X509 certificate error codes") */
const certificateCode = new RegExp(
  '^(?:(?:CERT|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO|ERR_TLS_CERT)_' +
    '|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_EXCEEDED)',
);

/**
 * Converts an error of undici or the system to an `AppError`: `network/*`, or `server/unexpectedAnswer` for a response
 * that is not HTTP. Returns an `AppError` unchanged; an unknown error becomes `internal`.
 * @param subject host or object of the request; never a signed URL
 */
export function fromNetworkFailure(error: unknown, subject: string): AppError {
  if (error instanceof AppError) {
    return error;
  }
  const chain = chainOf(error);
  for (const each of chain) {
    const failure = failureOf(each);
    if (failure !== undefined) {
      return new AppError(failure.code, `${failure.text} (${describe(each)}): ${subject}`, {
        retryable: failure.retryable,
        details: { subject },
        cause: error,
      });
    }
  }
  return new AppError('internal', `the request failed (${describe(error)}): ${subject}`, {
    details: { subject },
    cause: error,
  });
}

function failureOf(error: unknown): Failure | undefined {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : '';
  if (/proxy (?:response|authentication)/i.test(message)) {
    return { ...unreachable, text: 'the proxy refused the connection', retryable: false };
  }
  if (code === undefined) {
    return error instanceof Error && error.name === 'HTTPParserError' ? garbage : undefined;
  }
  return (
    byCode[code] ??
    (certificateCode.test(code) ? certificate : undefined) ??
    (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') ? noTls : undefined) ??
    (code.startsWith('HPE_') ? garbage : undefined)
  );
}

/**
 * The error, its causes, and the members of an AggregateError (one per address tried); a few levels deep.
 */
function chainOf(error: unknown, depth = 0): readonly unknown[] {
  if (!(error instanceof Error) || depth > 4) {
    return [error];
  }
  const gathered: readonly unknown[] = error instanceof AggregateError ? error.errors : [];
  return [
    error,
    ...[...gathered, error.cause].flatMap((inner) => (inner === undefined ? [] : chainOf(inner, depth + 1))),
  ];
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function describe(error: unknown): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  // Errors about proxy responses have no code; their message holds the status.
  return code === undefined || /^proxy/i.test(message) ? message : code;
}
