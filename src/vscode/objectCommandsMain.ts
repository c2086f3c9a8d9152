import type { CommandHandlers } from './commands.ts';
import { objectCommands } from './commands/objectCommands.ts';
import type { ObjectCommandParts } from './commands/objectCommands.ts';
import type { ObjectCommandId } from './lazyCommands.ts';
import { shareCommands } from './commands/shareCommands.ts';

/** Entry of a bundle of its own, `dist/objectCommands.cjs`, which is loaded with the first of these commands. */
export function createObjectCommands(parts: ObjectCommandParts): Pick<CommandHandlers, ObjectCommandId> {
  return { ...shareCommands(parts), ...objectCommands(parts) };
}
