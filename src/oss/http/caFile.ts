import { defined } from '../../base/defined.ts';
import { X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { AppError } from '../../base/errors.ts';
import { withHome } from '../../base/homePath.ts';

/** Larger files are rejected; a bundle of all public authorities has a quarter of that. */
const maxFileBytes = 1024 * 1024;

/**
 * Reads the certificates in a file of the user: authorities to trust beside those of Node and the system. Synchronous:
 * it runs once per dispatcher, before the first request.
 *
 * @param file absolute, or relative to the home folder
 * @returns PEM texts, at least one
 * @throws AppError `network/certificate` for an unreadable file or other content, which is never quoted
 */
export function certificatesIn(file: string): readonly string[] {
  const resolved = path.resolve(homedir(), withHome(file, homedir()));
  const text = textOf(resolved, file);
  const found = text.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/g) ?? [];
  if (found.length === 0) {
    throw unusable(file, 'it holds no certificate in PEM form');
  }
  for (const pem of found) {
    try {
      new X509Certificate(pem);
    } catch (error) {
      throw unusable(file, 'one of its certificates cannot be read', error);
    }
  }
  return found;
}

function textOf(resolved: string, file: string): string {
  try {
    const stats = statSync(resolved);
    // Reading a pipe would wait for its writer.
    if (!stats.isFile() || stats.size > maxFileBytes) {
      throw unusable(file, stats.isFile() ? `it has more than ${maxFileBytes} bytes` : 'it is no file');
    }
    return readFileSync(resolved, 'utf8');
  } catch (error) {
    throw error instanceof AppError
      ? error
      : unusable(file, error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be read', error);
  }
}

function unusable(file: string, why: string, cause?: unknown): AppError {
  return new AppError(
    'network/certificate',
    `the file of ossDownloader.network.caFile cannot be used (${why}): ${file}`,
    { details: { subject: file, caFile: file }, ...defined({ cause }) },
  );
}
