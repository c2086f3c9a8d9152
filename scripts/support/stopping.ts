/**
 * What must be undone when this process is told to stop: Ctrl+C, a kill, or its own end.
 * A child in a process group of its own outlives its parent unless someone ends it.
 */
type Undo = () => void | Promise<void>;

const undos = new Set<Undo>();
const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
let stopping = false;

/** Registers `undo` for a stop by signal; the returned function takes it back, for who has undone it already. */
export function onStop(undo: Undo): () => void {
  if (undos.size === 0) listen();
  undos.add(undo);
  return () => undos.delete(undo);
}

let listening = false;
function listen(): void {
  if (listening) return;
  listening = true;
  for (const [signal, exitCode] of Object.entries(signals)) {
    process.on(signal, () => void stop(exitCode));
  }
}

/** Undoes everything, last registered first, and ends the process. A second signal while it works changes nothing. */
async function stop(exitCode: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  for (const undo of [...undos].reverse()) {
    try {
      await undo();
    } catch (error) {
      console.error(error);
    }
  }
  process.exit(exitCode);
}
