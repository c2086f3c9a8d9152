import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { reasonOf } from '../../base/abort.ts';
import type { Credentials } from '../profile.ts';
import { present, sourceFailure } from './credentialSpec.ts';
import { jsonTexts } from './serviceRequest.ts';

/** Then the program is killed; long, because it may ask the user to sign in. */
const timeoutMs = 60_000;
const maxOutputBytes = 64 * 1024;

/**
 * Runs a program that prints a key in the format of the Alibaba Cloud CLI's External mode or of ossutil 2's Process
 * mode. It runs without a shell in the home folder, so that an open workspace cannot influence which program runs.
 *
 * @throws AppError `auth/sourceFailed` (`failed`, `malformed`); never quotes the output
 * @throws `signal.reason` when aborted; the program is killed
 */
export async function keyFromProcess(command: string, signal: AbortSignal): Promise<Credentials> {
  signal.throwIfAborted();
  const [program, ...args] = splitCommand(command);
  const subject = program ?? 'credentials process';
  if (program === undefined) {
    throw sourceFailure('incomplete', 'there is no command', subject);
  }
  const output = await new Promise<string>((resolve, reject) => {
    execFile(
      program,
      args,
      { cwd: homedir(), timeout: timeoutMs, maxBuffer: maxOutputBytes, windowsHide: true, signal, encoding: 'utf8' },
      (error, stdout) => {
        if (error === null) {
          resolve(stdout);
        } else {
          reject(
            signal.aborted
              ? reasonOf(signal)
              : sourceFailure(
                  'failed',
                  `the program ended with ${String(error.code ?? error.signal ?? 'an error')}`,
                  subject,
                ),
          );
        }
      },
    );
  });
  const { AccessKeyId, AccessKeySecret, SecurityToken, Expiration, ...cli } = jsonTexts(output);
  const accessKeyId = AccessKeyId ?? cli['access_key_id'] ?? '';
  const accessKeySecret = AccessKeySecret ?? cli['access_key_secret'] ?? '';
  const securityToken = SecurityToken ?? cli['sts_token'] ?? '';
  const mode = cli['mode'] ?? '';
  if (accessKeyId === '' || accessKeySecret === '' || (mode === 'StsToken' && securityToken === '')) {
    throw sourceFailure(
      'malformed',
      'the program printed no JSON with access_key_id and access_key_secret, nor AccessKeyId and AccessKeySecret',
      subject,
    );
  }
  const expiresAtMs = Date.parse(Expiration ?? cli['expiration'] ?? '');
  return {
    accessKeyId,
    accessKeySecret,
    ...present({ securityToken, expiresAtMs: Number.isNaN(expiresAtMs) ? undefined : expiresAtMs }),
  };
}

/** Splits a command at spaces outside of quotes; expands nothing. */
export function splitCommand(command: string): readonly string[] {
  return [...command.matchAll(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g)].map(([word]) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_all, double?: string, single?: string) => double ?? single ?? ''),
  );
}
