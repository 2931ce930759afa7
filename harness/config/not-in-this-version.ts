/** What a config may say by the contract and this version cannot do: field path and what it is, in words. */
export function notInThisVersion(input: unknown): readonly string[] {
  const target = member(input, "target");
  const world = member(input, "world");
  const start = member(target, "start");
  const starts = Array.isArray(start) ? (start as readonly unknown[]) : [start];
  const checks: readonly (readonly [boolean, string])[] = [
    ...starts.map((one) => [member(one, "kind") === "container", "target.start: container targets"] as const),
    [member(target, "registerDevice") !== undefined, "target.registerDevice: tokens outside REGISTER"],
    [member(member(target, "callers"), "register") === true, "target.callers.register: callers that register"],
    [member(world, "ca") !== undefined, "world.ca: a test CA of one's own"],
    [member(world, "credentials") !== undefined, "world.credentials: push credentials of one's own"],
    [includes(member(input, "reports"), "formats", "ctrf", "markdown"), "reports.formats: ctrf and markdown"],
  ];
  return checks.filter(([found]) => found).map(([, what]) => what);
}

function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
}

function includes(value: unknown, key: string, ...words: readonly string[]): boolean {
  const list = member(value, key);
  return Array.isArray(list) && words.some((word) => list.includes(word));
}
