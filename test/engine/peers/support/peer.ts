import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '../../../../scripts/support/waitFor.ts';
import { accepts, freePort } from '../../../support/ports.ts';
import { tempFolder } from '../../../support/tempFolder.ts';
import type { TempFolder } from '../../../support/tempFolder.ts';
import type { PeerProgram } from './peerProgram.ts';
import { startRelay } from './relay.ts';
import type { Relay } from './relay.ts';

/** A running server of somebody else's, with files in a temporary folder, behind a wire that can break. */
export class Peer {
  readonly program: PeerProgram;
  readonly relay: Relay;
  private readonly port: number;
  private readonly executable: string;
  private readonly temp: TempFolder;
  private child: ChildProcess | undefined;

  private constructor(program: PeerProgram, executable: string, port: number, relay: Relay, temp: TempFolder) {
    this.program = program;
    this.executable = executable;
    this.port = port;
    this.relay = relay;
    this.temp = temp;
  }

  /** @throws Error with what the server printed, when it ends instead of listening */
  static async start(program: PeerProgram, executable: string): Promise<Peer> {
    const temp = tempFolder();
    const port = await freePort();
    const peer = new Peer(program, executable, port, await startRelay(port), temp);
    // Servers that are started as root read the files as somebody else.
    chmodSync(temp.path, 0o755);
    mkdirSync(peer.files);
    try {
      await peer.comeBack();
    } catch (error) {
      await peer.stop();
      throw error;
    }
    return peer;
  }

  get files(): string {
    return join(this.temp.path, 'files');
  }

  /**
   * Puts a file in place of what may be there, and returns its Last-Modified as HTTP writes it.
   * @param ageSeconds how long ago it was changed; servers tell versions apart by this, and by the size
   */
  put(name: string, bytes: Uint8Array, ageSeconds: number): string {
    const path = join(this.files, name);
    // a new file each time, as an upload makes it: who reads the old one goes on reading that
    rmSync(path, { force: true });
    writeFileSync(path, bytes);
    const changed = Math.floor(Date.now() / 1000) - ageSeconds;
    utimesSync(path, changed, changed);
    return new Date(changed * 1000).toUTCString();
  }

  remove(name: string): void {
    rmSync(join(this.files, name));
  }

  /** @param name of a file */
  url(name: string): string {
    return `${this.relay.origin}/${name}`;
  }

  /** Starts it again, on the same port and with the same files. */
  async comeBack(): Promise<void> {
    const setup = { folder: join(this.temp.path, 'server'), files: this.files, port: this.port };
    const log = join(this.temp.path, 'server.log');
    // a file, because Apache opens /dev/stderr by name, which cannot be done with a pipe
    const output = openSync(log, 'w');
    const child = spawn(this.executable, this.program.configure(setup), { stdio: ['ignore', output, output] });
    closeSync(output);
    this.child = child;
    child.on('error', (error) => writeFileSync(log, String(error)));
    await waitFor(`${this.program.name} to listen`, () => {
      if (hasEnded(child)) {
        throw new Error(`${this.program.name} ended at once: ${readFileSync(log, 'utf8').slice(-2000)}`);
      }
      return accepts(this.port);
    });
  }

  /** Ends the server, with every connection; the files stay. */
  async goAway(): Promise<void> {
    const { child } = this;
    this.child = undefined;
    if (child !== undefined && !hasEnded(child)) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
  }

  async stop(): Promise<void> {
    await this.relay.close();
    await this.goAway();
    this.temp.remove();
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}
