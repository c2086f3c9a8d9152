import fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

type Call = 'link' | 'rename' | 'unlink';
type HandleCall = 'sync' | 'datasync';

/** A failure as Node throws it for a system call. */
export function systemError(code: string, errno = -5): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code, errno });
}

/** Lets functions of `node:fs/promises` fail: `fault` answers each call with the error to throw, or undefined. */
export async function breakDisk(
  calls: Partial<Record<Call | HandleCall, (...paths: readonly string[]) => Error | undefined>>,
): Promise<{ mend(): void }> {
  const probe = await fs.open('.', 'r');
  // The class itself is not exported.
  const handles = Object.getPrototypeOf(probe) as Pick<FileHandle, HandleCall>;
  await probe.close();
  const { link, open, rename, unlink } = fs;
  const paths = new WeakMap<object, string>();
  const { sync, datasync } = handles;
  const check = (error: Error | undefined): void => {
    if (error !== undefined) throw error;
  };
  fs.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    paths.set(handle, path.toString());
    return handle;
  };
  fs.link = async (from, to) => {
    check(calls.link?.(from.toString(), to.toString()));
    await link(from, to);
  };
  fs.rename = async (from, to) => {
    check(calls.rename?.(from.toString(), to.toString()));
    await rename(from, to);
  };
  fs.unlink = async (path) => {
    check(calls.unlink?.(path.toString()));
    await unlink(path);
  };
  handles.sync = async function (this: object) {
    check(calls.sync?.(paths.get(this) ?? ''));
    await sync.call(this as FileHandle);
  };
  handles.datasync = async function (this: object) {
    check(calls.datasync?.(paths.get(this) ?? ''));
    await datasync.call(this as FileHandle);
  };
  syncBuiltinESMExports();
  return {
    mend: () => {
      Object.assign(fs, { link, open, rename, unlink });
      Object.assign(handles, { sync, datasync });
      syncBuiltinESMExports();
    },
  };
}
