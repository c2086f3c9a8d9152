/**
 * What is said within one turn of the event loop is handed on together, in order: waking another thread costs more than
 * most of what it is told.
 *
 * @param handOn is called behind the input and output of the turn, never with nothing
 */
export function byTurn<T>(handOn: (said: readonly T[]) => void): (one: T) => void {
  let said: T[] = [];
  const flush = (): void => {
    const all = said;
    said = [];
    handOn(all);
  };
  return (one) => {
    if (said.push(one) === 1) {
      setImmediate(flush);
    }
  };
}
