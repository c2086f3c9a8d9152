/** `T` with every field that may be undefined made optional. */
type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** Drops the undefined fields: `exactOptionalPropertyTypes` distinguishes an absent field from an undefined one. */
export function defined<T extends Readonly<Record<string, unknown>>>(fields: T): Defined<T> {
  const kept: Record<string, unknown> = {};
  for (const name in fields) {
    if (fields[name] !== undefined) kept[name] = fields[name];
  }
  return kept as Defined<T>;
}
