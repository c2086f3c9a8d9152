import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { useTempFolder } from '../../../support/useTempFolder.ts';

export interface ScratchProject {
  /** Its folder while a test runs. */
  readonly root: string;
  /** Writes a file, as JSON where it is no text. */
  write(file: string, content: unknown): void;
}

/** An empty folder for each test of the surrounding `describe`, to be filled with what a check reads. */
export function useScratchProject(): ScratchProject {
  const folder = useTempFolder();
  return {
    get root(): string {
      return folder();
    },
    write(file, content) {
      const target = path.join(folder(), file);
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
    },
  };
}
