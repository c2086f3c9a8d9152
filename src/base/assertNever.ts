/** The compiler proves that this is never reached; if data from outside reaches it all the same, it says with what. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
}
