/**
 * Works something out once per object and keeps it with the object, for as long as that lives. The object must not change.
 *
 * It is no `WeakMap`: whatever is in one outlives every quick garbage collection, which costs a run in virtual time a quarter of its speed.
 */
export function oncePer<O extends object, T extends object>(workOut: (of: O) => T): (of: O) => T {
  const known = Symbol("worked out");
  return (of) => {
    const holder = of as { readonly [known]?: T };
    const before = holder[known];
    if (before !== undefined) return before;
    const value = workOut(of);
    // Neither copied with it nor compared or written with it.
    if (Object.isExtensible(of)) Object.defineProperty(of, known, { value });
    return value;
  };
}

/** The same for each of an object's parts, by name. */
export function oncePerPart<O extends object, P extends string, T extends object>(
  workOut: (of: O, part: P) => T,
): (of: O, part: P) => T {
  const partsOf = oncePer<O, Map<P, T>>(() => new Map());
  return (of, part) => {
    const parts = partsOf(of);
    let value = parts.get(part);
    if (value === undefined) {
      value = workOut(of, part);
      parts.set(part, value);
    }
    return value;
  };
}
