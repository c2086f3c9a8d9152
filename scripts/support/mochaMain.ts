import { runMochaHere } from './mochaRun.ts';

/** `node mochaMain.ts <report file> <timeout in ms> <grep or empty> <test file>...` */
const [reportFile = '', timeoutMs = '', grep = '', ...files] = process.argv.slice(2);
const idleLimitMs = 10_000;

// Not left to Node's own tear-down after the last handle: it was seen to spin there for ever (Node 24.21,
// Environment::CleanupHandles).
process.once('beforeExit', () => process.exit());

const failed = await runMochaHere({ files, timeoutMs: Number(timeoutMs), grep, reportFile });
// Handles that a failed test left open must not keep the run alive; after a green run they are a fault of their own.
if (failed > 0) process.exit(1);
setTimeout(() => {
  console.error(
    `The tests passed, but something keeps their process alive: ${process.getActiveResourcesInfo().join(', ')}`,
  );
  process.exit(1);
}, idleLimitMs).unref();
