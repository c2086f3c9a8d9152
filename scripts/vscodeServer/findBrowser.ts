import { Failure } from '../install.mjs';
import { findProgram, installDebianPackages } from '../support/programs.ts';

const candidates = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/**
 * A Chromium-like browser of this machine, named by CHROME_PATH or found; Debian's is installed where there is none.
 * @throws Failure
 */
export function ensureBrowser(): string {
  const named = process.env['CHROME_PATH'];
  const found = findProgram(named === undefined ? candidates : [named]);
  if (found !== undefined) return found;
  if (named !== undefined)
    throw new Failure(`CHROME_PATH names ${named}, which cannot be run: correct it or unset it.`);
  installDebianPackages('A browser (Chrome, Chromium or Edge)', ['chromium']);
  const installed = findProgram(candidates);
  if (installed === undefined)
    throw new Failure('apt-get installed chromium, but no chromium is in PATH: set CHROME_PATH to the browser.');
  return installed;
}
