/**
 * Closed set of failures. A code survives bundling, logs, the worker boundary and, with at most 24 characters, the
 * checkpoint; `vscode/errors/errorTexts.ts` has its sentence in the user's language.
 */
export const errorCodes = [
  // authentication and permission
  'auth/missingCredentials',
  'auth/sourceFailed',
  'auth/unknownKey',
  'auth/wrongSecret',
  'auth/tokenExpired',
  'auth/accessDenied',
  'auth/clockSkewed',
  'auth/urlExpired',
  // bucket and object
  'bucket/notFound',
  'object/notFound',
  'object/changed',
  'object/archived',
  'object/corrupt',
  'object/tooLarge',
  // endpoint
  'endpoint/wrongRegion',
  'endpoint/wrongEndpoint',
  // network
  'network/nameNotResolved',
  'network/unreachable',
  'network/certificate',
  'network/interrupted',
  'network/stalled',
  // response
  'server/throttled',
  'server/failed',
  'server/refused',
  'server/unexpectedAnswer',
  'range/notHonoured',
  // local disk
  'disk/full',
  'disk/denied',
  'disk/missing',
  'disk/targetExists',
  'disk/failed',
  // checkpoints and downloads
  'checkpoint/unreadable',
  'checkpoint/newerVersion',
  'download/ownedElsewhere',
  'download/notFound',
  // user input and settings
  'input/invalidPath',
  'input/invalidUrl',
  'input/invalidEndpoint',
  'input/invalidProfile',
  'input/unknownProfile',
  'input/invalidName',
  'input/invalidSpeed',
  // a defect of this extension
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * Facts for the log and the message, as short texts. Never a secret, never a signed URL.
 * Alibaba Cloud's support asks for `ossCode`, `requestId` and `ec`.
 */
export interface ErrorDetails {
  readonly status?: number;
  readonly ossCode?: string;
  readonly requestId?: string;
  readonly ec?: string;
  /** Subject of the error: an `oss://` path, a host, a file name, a setting. */
  readonly subject?: string;
  /** Wait requested by the server, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Size of the whole object, from a 416 response. */
  readonly sizeBytes?: number;
  /** Endpoint that the server names as the right one; not validated. */
  readonly endpoint?: string;
  /** Rejected certificate, with OpenSSL's code for the problem. */
  readonly certificate?: { readonly subject: string; readonly issuer: string; readonly problem: string };
  /** Unusable certificate file, as written in the setting. */
  readonly caFile?: string;
  /** Proxy that rejected the credentials: its origin, and the setting that names it. */
  readonly proxy?: { readonly origin: string; readonly setting: string };
  /** Why a credentials source gave no key; `subject` names the file, address or program. */
  readonly reason?: SourceProblem;
  /** Server time in milliseconds since the epoch, where clock skew is or may be the cause. */
  readonly serverTimeMs?: number;
}

/**
 * Why a credentials source gave no key: its file is `missing`, `unreadable` or `malformed`; an entry is `incomplete` or
 * `unsupported`, or its temporary key has `expired`; a service `refused`; a program `failed` or was `notAllowed` to
 * run.
 */
export type SourceProblem =
  | 'missing'
  | 'unreadable'
  | 'malformed'
  | 'incomplete'
  | 'unsupported'
  | 'expired'
  | 'refused'
  | 'failed'
  | 'notAllowed';

export interface AppErrorOptions {
  /** Whether the same request may succeed when it is sent again. */
  readonly retryable?: boolean;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** The error type of this extension: adapters convert every failure to it. The message is English, for the log. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }

  /** Compares by shape: each bundle of the extension has its own copy of this class. */
  static override [Symbol.hasInstance](value: unknown): value is AppError {
    return (
      value instanceof Error &&
      value.name === 'AppError' &&
      'code' in value &&
      errorCodes.some((code) => code === value.code)
    );
  }
}

/** An `AppError` as plain data, for the worker boundary and the checkpoint. */
export interface ErrorRecord {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly details: ErrorDetails;
}

/** Converts any thrown value to an `Error`. */
export function toError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

export function toErrorRecord(error: unknown): ErrorRecord {
  const { code, message, retryable, details } = toAppError(error);
  return { code, message, retryable, details };
}

export function fromErrorRecord(record: ErrorRecord): AppError {
  return new AppError(record.code, record.message, { retryable: record.retryable, details: record.details });
}

/** Converts any thrown value to an `AppError`; an error that no adapter recognised is a defect, code `internal`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) {
    return error;
  }
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('internal', message, { cause: error });
}

/** Marks a branch that the compiler proves unreachable; throws with the value if external data reaches it. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
