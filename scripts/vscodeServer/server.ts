import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { Failure, isAlive } from '../install.mjs';
import { onStop } from '../support/stopping.ts';
import { waitFor } from '../support/waitFor.ts';
import { folderArguments, logFile, prepareFolders, serverEnvironment } from './baseFolder.ts';
import { ensureVscodeServer } from './install.ts';

export interface ServerOptions {
  /** Holds all that the server writes. Short, since sockets stand in it and their paths may have some 100 bytes. */
  readonly baseFolder: string;
  /** 0, the default, takes a free one. The same port again keeps the browser's secrets. */
  readonly port?: number;
  /** Added to the quiet user settings, when the base folder is new. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment, which the extension host inherits. */
  readonly env?: NodeJS.ProcessEnv;
  /** Whether folders are to be trusted by the user first, as on a desktop; else all are. */
  readonly asksForTrust?: boolean;
  /** More arguments, such as `--vscode-option`, `name`. */
  readonly args?: readonly string[];
}

/** Limits for what takes a second or two on an idle machine. */
const startLimitMs = 60_000;
const stopLimitMs = 10_000;

export class RunningServer {
  readonly pid: number;
  readonly port: number;
  readonly origin: string;
  readonly baseFolder: string;
  readonly #release: () => void;
  readonly #logStart: number;

  constructor(pid: number, port: number, baseFolder: string, logStart: number) {
    this.pid = pid;
    this.port = port;
    this.origin = `http://127.0.0.1:${port}`;
    this.baseFolder = baseFolder;
    this.#logStart = logStart;
    this.#release = onStop(() => this.stop());
  }

  /** What this server and its extension hosts have logged so far, as text. */
  log(): string {
    return readFileSync(logFile(this.baseFolder)).subarray(this.#logStart).toString();
  }

  isRunning(): boolean {
    return isAlive(this.pid);
  }

  /** Process ids of the extension hosts that live, oldest first. */
  extensionHosts(): number[] {
    const launched = [...this.log().matchAll(/<(\d+)> Launched Extension Host Process/g)];
    return launched.map(([, pid]) => Number(pid)).filter(isAlive);
  }

  /** The ends of extension hosts that were no orderly exit, as VS Code logs them. */
  hostCrashes(): string[] {
    const ends = this.log().match(/Extension Host Process exited with code: .*/g) ?? [];
    return ends.filter((end) => !end.includes('code: 0, signal: null'));
  }

  /** Ends it as an operating system's shutdown would: extension hosts deactivate their extensions first, about 4 s. */
  async stop(): Promise<void> {
    if (isAlive(this.pid)) process.kill(this.pid, 'SIGTERM');
    await waitFor('the server to end', () => !isAlive(this.pid), { limitMs: stopLimitMs }).catch(() => undefined);
    await this.kill();
  }

  /** Ends it and all its processes at once, like a power cut: nothing is deactivated. */
  async kill(): Promise<void> {
    this.#release();
    killGroup(this.pid);
    // Nothing survives SIGKILL, but where no init process reaps them the dead still count as a group.
    await waitFor('the processes of the server to end', () => !killGroup(this.pid), { limitMs: 2000 }).catch(
      () => undefined,
    );
  }
}

/** Starts the VS Code server on 127.0.0.1. @throws Failure when it does not come up */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { baseFolder } = options;
  const { node, entry } = ensureVscodeServer();
  prepareFolders(baseFolder, options.settings ?? {});
  const log = openSync(logFile(baseFolder), 'a');
  const logStart = statSync(logFile(baseFolder)).size;
  const child = spawn(
    node,
    [
      entry,
      ...folderArguments(baseFolder),
      '--auth',
      'none',
      '--bind-addr',
      `127.0.0.1:${options.port ?? 0}`,
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
      ...(options.asksForTrust === true ? [] : ['--disable-workspace-trust']),
      '--vscode-option',
      'reconnection-grace-time=5',
      ...(options.args ?? []),
    ],
    { cwd: baseFolder, env: serverEnvironment(baseFolder, options.env), detached: true, stdio: ['ignore', log, log] },
  );
  closeSync(log);
  const pid = await new Promise<number>((resolve, reject) => {
    child.on('spawn', () => resolve(child.pid ?? 0));
    child.on('error', reject);
  });
  child.unref();
  try {
    const port = await waitFor(
      'the VS Code server to listen',
      async () => {
        if (!isAlive(pid) || child.exitCode !== null) throw new Failure('the process ended');
        const text = readFileSync(logFile(baseFolder)).subarray(logStart).toString();
        const found = /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)\//.exec(text)?.[1];
        return found !== undefined && (await fetch(`http://127.0.0.1:${found}/healthz`)).ok ? Number(found) : undefined;
      },
      { limitMs: startLimitMs },
    );
    return new RunningServer(pid, port, baseFolder, logStart);
  } catch (error) {
    killGroup(pid);
    const log = readFileSync(logFile(baseFolder), 'utf8').slice(-2000);
    throw new Failure(
      `The VS Code server did not start (${error instanceof Error ? error.message : String(error)}); its log ends ` +
        `with:\n${log}`,
    );
  }
}

/** Kills a process group. @returns whether there was anything left of it */
function killGroup(pid: number): boolean {
  try {
    process.kill(-pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}
