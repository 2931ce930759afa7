import { createInterface } from "node:readline";
import type { Running, Workplace } from "../../testing/workplace.ts";
import type { MockFacts } from "../mock-files.ts";

export interface StartedMock {
  readonly world: MockFacts & { readonly kind: "world" };
  readonly running: Running;
  /** The next line that fits, as JSON; earlier ones are passed over. */
  next(kind: string, more?: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>>;
}

/** Starts `ringtrue mock --json` and waits for its world. */
export async function startedMock(place: Workplace, ...args: readonly string[]): Promise<StartedMock> {
  const [before, after] = args.includes("--")
    ? [args.slice(0, args.indexOf("--")), args.slice(args.indexOf("--"))]
    : [args, []];
  const running = place.start("mock", "--json", ...before, ...after);
  const lines = createInterface({ input: running.child.stdout! })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done === true) throw new Error(`it ended: ${JSON.stringify(await running.ended)}`);
  return {
    world: JSON.parse(first.value) as StartedMock["world"],
    running,
    async next(kind, more = {}) {
      for (;;) {
        const line = await lines.next();
        if (line.done === true)
          throw new Error(`no ${kind} came before it ended: ${JSON.stringify(await running.ended)}`);
        const value = JSON.parse(line.value) as Readonly<Record<string, unknown>>;
        if (value["kind"] === kind && Object.entries(more).every(([name, wanted]) => value[name] === wanted))
          return value;
      }
    },
  };
}
