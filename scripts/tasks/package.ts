import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Failure, projectFolder, say } from '../install.mjs';
import { bundleExtension } from '../support/bundle.ts';
import { runNode } from '../support/child.ts';

/** @param args the folder for the .vsix, the checkout by default */
export async function run(args: readonly string[]): Promise<undefined> {
  const file = await packageExtension(path.resolve(projectFolder, args[0] ?? '.'));
  say(`The package is ${file}`);
}

/**
 * Builds and packages the extension into `folder`, which is made where it is missing. @returns the path of the .vsix
 */
export async function packageExtension(folder: string): Promise<string> {
  const { name, version } = JSON.parse(readFileSync(path.join(projectFolder, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const file = path.join(folder, `${name}-${version}.vsix`);
  say('Packaging the extension');
  await bundleExtension(true);
  mkdirSync(folder, { recursive: true });
  if (
    (await runNode('node_modules/@vscode/vsce/vsce', [
      'package',
      '--no-dependencies',
      '--allow-missing-repository',
      '--no-rewrite-relative-links',
      '-o',
      file,
    ])) !== 0
  ) {
    throw new Failure('The extension could not be packaged: see what vsce says above.');
  }
  return file;
}
