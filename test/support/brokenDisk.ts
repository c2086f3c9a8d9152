import fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

type Fault = Error | undefined | Promise<Error | undefined>;
type Call = 'link' | 'rename' | 'unlink';
type HandleCall = 'sync' | 'datasync';

/** A failure as Node throws it for a system call. */
export function systemError(code: string, errno = -5): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code, errno });
}

/** Lets functions of `node:fs/promises` fail: each entry answers a call with the error to throw, or undefined. */
export async function breakDisk(
  calls: Partial<Record<Call | HandleCall, (...paths: readonly string[]) => Fault>>,
): Promise<{ mend(): void }> {
  const probe = await fs.open('.', 'r');
  // The class itself is not exported.
  const handles = Object.getPrototypeOf(probe) as Pick<FileHandle, HandleCall>;
  await probe.close();
  const { link, open, rename, unlink } = fs;
  const paths = new WeakMap<object, string>();
  const { sync, datasync } = handles;
  const check = async (fault: Fault): Promise<void> => {
    const error = await fault;
    if (error !== undefined) throw error;
  };
  fs.open = async (path, ...rest) => {
    const handle = await open(path, ...rest);
    paths.set(handle, path.toString());
    return handle;
  };
  fs.link = async (from, to) => {
    await check(calls.link?.(from.toString(), to.toString()));
    await link(from, to);
  };
  fs.rename = async (from, to) => {
    await check(calls.rename?.(from.toString(), to.toString()));
    await rename(from, to);
  };
  fs.unlink = async (path) => {
    await check(calls.unlink?.(path.toString()));
    await unlink(path);
  };
  handles.sync = async function (this: object) {
    await check(calls.sync?.(paths.get(this) ?? ''));
    await sync.call(this as FileHandle);
  };
  handles.datasync = async function (this: object) {
    await check(calls.datasync?.(paths.get(this) ?? ''));
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
