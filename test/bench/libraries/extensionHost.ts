import { readFileSync, writeFileSync } from 'node:fs';
import * as vscode from 'vscode';
import type { Job, Usage } from '../job.ts';
import { activationMs } from './activation.ts';
import { prepare } from './engine.ts';
import { measured } from './measured.ts';

/** What a job took in a real extension host. */
export interface HostUsage extends Usage {
  /** As VS Code itself measured it; absent where it no longer tells. */
  readonly activationMs?: number;
}

/** VS Code calls this in the extension host, as it calls tests: with the extension active, has our engine do a job. */
export async function run(): Promise<void> {
  // The cast: what extensionHost.ts of the workloads wrote
  const job = JSON.parse(readFileSync(process.env['OSS_BENCH_JOB'] ?? '', 'utf8')) as Job;
  const extension = vscode.extensions.getExtension('oss-downloader.oss-downloader');
  if (extension === undefined) {
    throw new Error('the extension is not there');
  }
  await extension.activate();
  const prepared = await prepare(job);
  const usage = await measured(job, () => prepared.run());
  await prepared.stop?.();
  const activated = activationMs(extension.id);
  writeFileSync(
    process.env['OSS_BENCH_RESULT'] ?? '',
    JSON.stringify({ ...usage, ...(activated === undefined ? {} : { activationMs: activated }) } satisfies HostUsage),
  );
}
