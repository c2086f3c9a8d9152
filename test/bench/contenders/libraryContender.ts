import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from '../../../scripts/install.mjs';
import { onStop } from '../../../scripts/support/stopping.ts';
import type { Job, Usage } from '../job.ts';
import type { HostEvent, HostOrder } from '../libraries/hostProtocol.ts';
import { lastOutput } from '../support/lastOutput.ts';
import type { Contender, ContenderRun } from './contender.ts';

/**
 * A downloader that is called as a function. Its time is from the call to the result, in a process that has loaded it.
 */
export interface Library extends Pick<Contender, 'name' | 'proof' | 'connections' | 'abilities'> {
  /** File of `libraries/` that calls it. */
  readonly module: string;
  /** npm package, which may be missing. */
  readonly npmPackage?: string;
  /** Of what is no package. */
  readonly version?: string;
  /** Whether its `run` can be stopped in order. */
  readonly stops?: boolean;
}

export function libraryContender(library: Library): Contender {
  const { name, proof, connections, abilities } = library;
  return {
    name,
    proof,
    connections,
    abilities,
    isLibrary: true,
    findVersion: () => Promise.resolve(findVersion(library)),
    start: (job, atOnceBefore) => start(library, job, atOnceBefore),
  };
}

function findVersion({ npmPackage, version }: Library): string | undefined {
  if (npmPackage === undefined) {
    return version;
  }
  try {
    // read by path: the packages do not all export their package.json
    const manifest = readFileSync(join(projectFolder, 'node_modules', npmPackage, 'package.json'), 'utf8');
    return (JSON.parse(manifest) as { readonly version: string }).version;
  } catch {
    return undefined;
  }
}

async function start({ name, module, stops }: Library, job: Job, atOnceBefore?: () => void): Promise<ContenderRun> {
  const child = fork(
    join(import.meta.dirname, '../libraries/libraryHost.ts'),
    [module, JSON.stringify({ ...job, objects: [] })],
    {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: job.caFile },
      // not the terminal: some draw on it although nobody asked them to
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  const said = lastOutput([child.stderr]);
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  const release = onStop(kill);
  void ended.then(release);

  // a list of 10,000 objects is too long for an argument
  order(child, { type: 'prepare', objects: job.objects });
  await next(name, child, said, 'ready');
  const result = next(name, child, said, 'result');
  atOnceBefore?.();
  order(child, { type: 'go' });
  const finish = async (): Promise<Usage> => {
    const { usage } = await result;
    await ended;
    return usage;
  };
  const done = finish();
  done.catch(() => undefined); // who killed it need not ask how it ended
  return {
    done,
    kill,
    ...(stops !== true
      ? {}
      : {
          stop: async () => {
            order(child, { type: 'stop' });
            await ended;
          },
        }),
  };
}

function order(child: ChildProcess, message: HostOrder): void {
  child.send(message);
}

function next<Type extends 'ready' | 'result'>(
  name: string,
  child: ChildProcess,
  said: () => string,
  type: Type,
): Promise<Extract<HostEvent, { type: Type }>> {
  return new Promise((resolve, reject) => {
    child.on('message', (event: HostEvent) => {
      if (event.type === 'failed') {
        reject(new Error(`${name} failed: ${event.message}`));
      } else if (isOf(event, type)) {
        resolve(event);
      }
    });
    child.once('exit', (code, signal) =>
      reject(new Error(`the process of ${name} ended with ${code ?? signal}: ${said()}`)),
    );
  });
}

function isOf<Type extends HostEvent['type']>(
  event: HostEvent,
  type: Type,
): event is Extract<HostEvent, { type: Type }> {
  return event.type === type;
}
