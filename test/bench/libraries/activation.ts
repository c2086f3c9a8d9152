interface Mark {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startTime: number;
}

/**
 * What VS Code itself measures of an extension (Developer: Show Running Extensions): its code is read and run, and
 * `activate` is called until its promise settles. Marks of VS Code's own, which it promises to nobody.
 * @returns milliseconds; undefined where there are no such marks
 */
export function activationMs(extensionId: string): number | undefined {
  const { MonacoPerformanceMarks: marks } = globalThis as { MonacoPerformanceMarks?: { getMarks(): readonly Mark[] } };
  const own = marks?.getMarks().filter(({ name }) => name.endsWith(`/${extensionId}`)) ?? [];
  const spent = (from: string, to: string): number | undefined => {
    const [start, end] = [from, to].map((what) => own.find(({ name }) => name.includes(`/${what}/`))?.startTime);
    return start === undefined || end === undefined ? undefined : end - start;
  };
  const [loading, activating] = [
    spent('willLoadExtensionCode', 'didLoadExtensionCode'),
    spent('willActivateExtension', 'didActivateExtension'),
  ];
  return loading === undefined ? activating : loading + (activating ?? 0);
}
