/** Without the members that are undefined, as exact optional members want it. */
export function given<T extends object>(value: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    readonly [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
