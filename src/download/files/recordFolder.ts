import { mkdir, open, readdir, readFile, rename, stat, unlink } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { patiently } from './patience.ts';
import { ignoring, inFolder, onDisk, removeIfThere } from './disk.ts';

const draftSuffix = '.new';
/** Age of a draft that a crash left: to write one takes milliseconds. */
const draftLeftMs = 60_000;

/** A folder of records, one file each, named `<id><suffix>`. All methods throw AppError `disk/*`. */
export class RecordFolder {
  private readonly folder: string;
  private readonly suffix: string;

  /** @param suffix such as `.checkpoint` */
  constructor(folder: string, suffix: string) {
    this.folder = folder;
    this.suffix = suffix;
  }

  pathOf(id: string): string {
    return join(this.folder, `${id}${this.suffix}`);
  }

  /** Makes the folder, and removes the drafts that a crash left. */
  async prepare(): Promise<void> {
    await onDisk(this.folder, () => mkdir(this.folder, { recursive: true }));
    for (const name of await this.names()) {
      const draft = join(this.folder, name);
      if (name.endsWith(`${this.suffix}${draftSuffix}`) && (await writtenMs(draft)) < Date.now() - draftLeftMs) {
        await unlink(draft).catch(() => undefined); // the next start tries again
      }
    }
  }

  /** Ids of all records, readable or not. */
  async ids(): Promise<ReadonlySet<string>> {
    const names = (await this.names()).filter((name) => name.endsWith(this.suffix));
    return new Set(names.map((name) => name.slice(0, -this.suffix.length)));
  }

  /** When the record was last written, in milliseconds since the epoch; undefined when there is none. */
  async changedMs(id: string): Promise<number | undefined> {
    const path = this.pathOf(id);
    return (await onDisk(path, () => stat(path).catch(ignoring('ENOENT'))))?.mtimeMs;
  }

  /** Undefined when there is none. */
  async read(id: string): Promise<Buffer | undefined> {
    const path = this.pathOf(id);
    return onDisk(path, () => readFile(path).catch(ignoring('ENOENT')));
  }

  /**
   * Writes a record in place of the old one, in one step: a crash leaves either.
   * @param durable whether it must survive a power cut, too; that takes some milliseconds
   * @returns the file, open for writing behind `bytes`
   */
  async write(id: string, bytes: Uint8Array, durable: boolean): Promise<FileHandle> {
    const path = this.pathOf(id);
    const draft = `${path}${draftSuffix}`;
    return onDisk(path, async () => {
      const handle = await inFolder(this.folder, () => open(draft, 'w', 0o600));
      try {
        await handle.writeFile(bytes);
        await (durable ? handle.sync() : undefined);
        await patiently(() => rename(draft, path));
        return handle;
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  /** Not being there is fine. */
  async remove(id: string): Promise<void> {
    const path = this.pathOf(id);
    await onDisk(path, () => removeIfThere(path));
  }

  private async names(): Promise<readonly string[]> {
    return onDisk(this.folder, () => readdir(this.folder));
  }
}

async function writtenMs(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.mtimeMs ?? Infinity;
}
