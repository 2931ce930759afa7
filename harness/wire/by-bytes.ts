/** A table whose keys are a name and bytes: what was sent before over a flow, say. */
export interface ByBytes<T> {
  get(name: string, bytes: Uint8Array): T | undefined;
  set(name: string, bytes: Uint8Array, value: T): void;
  values(): readonly T[];
}

interface Entry<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
}

/** Values in the order in which they were set; the bytes must not change. */
export function byBytes<T>(): ByBytes<T> {
  const entries = new Map<string, Entry<T>[]>();
  const values: T[] = [];
  return {
    get: (name, bytes) =>
      entries.get(name)?.find((one) => one.bytes.length === bytes.length && Buffer.compare(one.bytes, bytes) === 0)
        ?.value,
    set(name, bytes, value) {
      const known = entries.get(name);
      if (known === undefined) entries.set(name, [{ bytes, value }]);
      else known.push({ bytes, value });
      values.push(value);
    },
    values: () => values,
  };
}
