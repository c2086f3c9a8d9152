import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { findProgram } from '../../../../scripts/support/programs.ts';
import { freePort } from '../../../support/ports.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import { runProxy } from './proxyProgram.ts';
import type { RunningProxy } from './proxyProgram.ts';

/**
 * The proxy of small networks. @param login `user:password` that it asks for @returns undefined where it is not
 * installed
 */
export async function startTinyproxy(login?: string): Promise<RunningProxy | undefined> {
  const program = findProgram(['tinyproxy', '/usr/bin/tinyproxy', '/usr/sbin/tinyproxy']);
  if (program === undefined) {
    return undefined;
  }
  const folder = tempFolder();
  const port = await freePort();
  const logFile = path.join(folder.path, 'tinyproxy.log');
  const configuration = path.join(folder.path, 'tinyproxy.conf');
  writeFileSync(
    configuration,
    [
      `Port ${port}`,
      'Listen 127.0.0.1',
      'Allow 127.0.0.1',
      'Timeout 60',
      'MaxClients 50',
      `LogFile "${logFile}"`,
      'LogLevel Connect',
      ...(login === undefined ? [] : [`BasicAuth ${login.replace(':', ' ')}`]),
      '',
    ].join('\n'),
  );
  return runProxy({
    program,
    args: ['-d', '-c', configuration],
    port,
    logFile,
    logLine: /Established connection to host/,
    cleanUp: () => folder.remove(),
  });
}
