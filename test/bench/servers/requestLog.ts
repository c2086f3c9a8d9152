/** One request as nginx saw it. */
export interface LoggedRequest {
  /** When its first byte came, in milliseconds since the epoch. */
  readonly startedAtMs: number;
  readonly method: string;
  readonly status: number;
  /** Bytes of the body that were handed to the system. */
  readonly bodyBytes: number;
}

/** For nginx's `log_format`, and what `parseLog` reads. */
export const logFormat = '$msec $request_time $request_method $status $body_bytes_sent';

export function parseLog(text: string): readonly LoggedRequest[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [endedAt = '', seconds = '', method = '', status = '', bodyBytes = ''] = line.split(' ');
      return {
        startedAtMs: (Number(endedAt) - Number(seconds)) * 1000,
        method,
        status: Number(status),
        bodyBytes: Number(bodyBytes),
      };
    });
}
