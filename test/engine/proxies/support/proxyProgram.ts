import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { waitFor } from '../../../../scripts/support/waitFor.ts';
import { accepts } from '../../../support/ports.ts';

export interface RunningProxy {
  readonly port: number;
  /** How many lines of its log match: requests and tunnels. */
  handled(): number;
  stop(): Promise<void>;
}

export interface ProxyProgram {
  readonly program: string;
  readonly args: readonly string[];
  readonly port: number;
  readonly logFile: string;
  /** A line of the log that is one request. */
  readonly logLine: RegExp;
  /** After the program has ended. */
  readonly cleanUp: () => void;
}

/** Runs a proxy in the foreground. @throws Error with what it wrote where it ends instead of listening */
export async function runProxy({
  program,
  args,
  port,
  logFile,
  logLine,
  cleanUp,
}: ProxyProgram): Promise<RunningProxy> {
  const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    }
    cleanUp();
  };
  try {
    await waitFor(
      `${program} to listen`,
      () => {
        if (child.exitCode !== null) throw new Error(`${program} ended: ${errors.slice(-500)}`);
        return accepts(port);
      },
      { limitMs: 20_000 },
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    stop,
    handled: () =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((line) => logLine.test(line)).length,
  };
}
