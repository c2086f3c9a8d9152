import { tempFolder } from './tempFolder.ts';
import type { TempFolder } from './tempFolder.ts';

/** A new empty folder for each test of the surrounding `describe`. @returns its path while a test runs */
export function useTempFolder(): () => string {
  let folder: TempFolder | undefined;
  beforeEach(() => {
    folder = tempFolder();
  });
  afterEach(() => folder?.remove());
  return () => {
    if (folder === undefined) throw new Error('no test is running');
    return folder.path;
  };
}
