/**
 * The closed set of things that can go wrong. A code survives bundling, logs and the worker boundary;
 * `vscode/showError.ts` turns it into a sentence in the user's language.
 */
export const errorCodes = [
  // who is asking
  'auth/missingCredentials',
  'auth/sourceFailed',
  'auth/unknownKey',
  'auth/wrongSecret',
  'auth/tokenExpired',
  'auth/accessDenied',
  'auth/clockSkewed',
  'auth/urlExpired',
  // what is asked for
  'bucket/notFound',
  'object/notFound',
  'object/changed',
  'object/archived',
  'object/corrupt',
  'object/tooLarge',
  // where it is
  'endpoint/wrongRegion',
  'endpoint/wrongEndpoint',
  // the way there
  'network/nameNotResolved',
  'network/unreachable',
  'network/certificate',
  'network/interrupted',
  'network/stalled',
  // what came back
  'server/throttled',
  'server/failed',
  'server/refused',
  'server/unexpectedAnswer',
  'range/notHonoured',
  // the local disk
  'disk/full',
  'disk/denied',
  'disk/missing',
  'disk/targetExists',
  'disk/failed',
  // our own records
  'checkpoint/unreadable',
  'checkpoint/newerVersion',
  'download/ownedElsewhere',
  'download/notFound',
  // what the user typed or configured
  'input/invalidPath',
  'input/invalidUrl',
  'input/invalidEndpoint',
  'input/invalidProfile',
  'input/unknownProfile',
  'input/invalidName',
  'input/invalidSpeed',
  // a defect of ours
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/**
 * Facts that the log and the message need, as short texts. Never a secret, never a signed URL.
 * `ossCode`, `requestId` and `ec` are what Alibaba Cloud's support asks for.
 */
export interface ErrorDetails {
  readonly status?: number;
  readonly ossCode?: string;
  readonly requestId?: string;
  readonly ec?: string;
  /** What the error is about: an `oss://` path, a host, a file name, a setting. */
  readonly subject?: string;
  /** How long the server asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** Size of the whole object as a 416 answer states it. */
  readonly sizeBytes?: number;
  /** The endpoint that the server names as the right one; not yet checked. */
  readonly endpoint?: string;
  /** Whose certificate was shown, and OpenSSL's code for what is wrong with it. */
  readonly certificate?: { readonly subject: string; readonly issuer: string; readonly problem: string };
  /** The file of certificates that cannot be used, as the setting names it. */
  readonly caFile?: string;
  /** The proxy that wants other credentials: its origin, and the setting that it came from. */
  readonly proxy?: { readonly origin: string; readonly setting: string };
  /** Why a source of credentials gave none; `subject` names the file, address or program. */
  readonly reason?: SourceProblem;
  /** The server's clock, in milliseconds since the epoch, where a skewed clock is or may be the cause. */
  readonly serverTimeMs?: number;
}

/**
 * Why a source of credentials gave none: its file is `missing`, `unreadable` or `malformed`; an entry is `incomplete`,
 * `unsupported` here, or the temporary key that it holds has `expired`; a service `refused`, a program `failed` or was
 * `notAllowed` to run.
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

/** What every failure becomes at the adapter that sees it. The message is English, for the log. */
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

  /** By shape: the extension's bundles each hold a copy of this class, and an error of one is an error for all. */
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

/** What was thrown, as an `Error`: anything can be thrown. */
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

/** Anything thrown as an `AppError`; what no adapter recognised is a defect, code `internal`. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) {
    return error;
  }
  const message = error instanceof Error ? error.message : String(error);
  return new AppError('internal', message, { cause: error });
}

/** The compiler proves that this is never reached; if data from outside reaches it all the same, it says with what. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
