/**
 * What must be undone when this process ends or is told to: by Ctrl+C, a kill, or having done its task. A child in a
 * process group of its own outlives its parent unless someone ends it.
 */
type Undo = () => void | Promise<void>;

const undos = new Set<Undo>();
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
let listening = false;
let stopping = false;
let orderly = false;

/** Registers `undo` for the end; the returned function takes it back, for who has undone it already. */
export function onStop(undo: Undo): () => void {
  listen();
  undos.add(undo);
  return () => undos.delete(undo);
}

/** For a task that runs until it is stopped: then Ctrl+C is its orderly end, exit code 0. */
export function endBySignal(): void {
  listen();
  orderly = true;
}

/** Whether a signal has come: what ends from now on ends because of it. */
export function isStopping(): boolean {
  return stopping;
}

/** Undoes everything, last registered first. A failure is shown, and the rest is undone all the same. */
export async function undoAll(): Promise<void> {
  for (const undo of [...undos].reverse()) {
    undos.delete(undo);
    try {
      await undo();
    } catch (error) {
      console.error(error);
    }
  }
}

function listen(): void {
  if (listening) return;
  listening = true;
  for (const [signal, exitCode] of Object.entries(signals)) {
    process.on(signal, () => void stop(orderly ? 0 : exitCode));
  }
}

/** A second signal while the first is being answered changes nothing. */
async function stop(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  await undoAll();
  process.exit(exitCode);
}
