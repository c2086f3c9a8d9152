import type { CommandHandlers, CommandId } from './commands.ts';

/** Stands for commands whose code is loaded with the first call, so that starting the editor need not wait for it. */
export function lazyCommands<Id extends CommandId>(
  ids: readonly Id[],
  load: () => Pick<CommandHandlers, Id>,
): Pick<CommandHandlers, Id> {
  let loaded: Pick<CommandHandlers, Id> | undefined;
  const handlers = ids.map((id) => [
    id,
    (...args: readonly unknown[]) => {
      loaded ??= load();
      // Handed on as it came: the table's type ties each id to its handler's arguments.
      const run = loaded[id] as (...args: readonly unknown[]) => void | Promise<void>;
      return run(...args);
    },
  ]);
  return Object.fromEntries(handlers) as Pick<CommandHandlers, Id>; // one for each id
}
