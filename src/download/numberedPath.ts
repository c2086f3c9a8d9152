import { join, parse } from 'node:path';

/** More files of one name in one folder are more likely a mistake than a wish. */
export const maxNumber = 999;

/** `report (2).csv`: the name for one more file beside an existing one. */
export function numberedPath(file: string, number: number): string {
  const { dir, name, ext } = parse(file);
  return join(dir, `${name} (${number})${ext}`);
}
