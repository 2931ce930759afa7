import { TargetError } from "../../harness/errors.ts";

/** What has happened, and how to wait for what will. */
export interface EventLog<Event extends { readonly kind: string }> {
  /** Oldest first. */
  readonly all: readonly Event[];
  /** The kinds, oldest first: what a test usually compares. */
  readonly kinds: readonly Event["kind"][];
  /**
   * The first event of that kind that fits, whether it has happened or will.
   *
   * @throws TargetError `no-such-event` after `withinMs` (default 5000); the message names what happened instead.
   */
  until<Kind extends Event["kind"]>(
    kind: Kind,
    fits?: (event: Extract<Event, { readonly kind: Kind }>) => boolean,
    withinMs?: number,
  ): Promise<Extract<Event, { readonly kind: Kind }>>;
  /** Like `until`, but of what happens from now on. */
  next<Kind extends Event["kind"]>(
    kind: Kind,
    fits?: (event: Extract<Event, { readonly kind: Kind }>) => boolean,
    withinMs?: number,
  ): Promise<Extract<Event, { readonly kind: Kind }>>;
}

const DEADLINE_MS = 5000;

export function eventLog<Event extends { readonly kind: string }>(): {
  readonly log: EventLog<Event>;
  readonly push: (event: Event) => void;
} {
  const all: Event[] = [];
  const waiting = new Set<() => void>();

  async function wait<Kind extends Event["kind"]>(
    from: number,
    kind: Kind,
    fits: (event: Extract<Event, { readonly kind: Kind }>) => boolean,
    withinMs: number,
  ): Promise<Extract<Event, { readonly kind: Kind }>> {
    type Wanted = Extract<Event, { readonly kind: Kind }>;
    const find = (): Wanted | undefined =>
      all.slice(from).find((event): event is Wanted => event.kind === kind && fits(event as Wanted));
    const there = find();
    if (there !== undefined) return there;
    return await new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer);
        waiting.delete(look);
      };
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        done();
        resolve(found);
      };
      const timer = setTimeout(() => {
        done();
        const happened = all.slice(from).map(described);
        reject(
          new TargetError(
            "no-such-event",
            `No ${kind} that fits came within ${withinMs} ms; what came: ${happened.join(", ")}`,
          ),
        );
      }, withinMs);
      waiting.add(look);
    });
  }

  return {
    log: {
      all,
      get kinds() {
        return all.map((event) => event.kind);
      },
      until: async (kind, fits = () => true, withinMs = DEADLINE_MS) => await wait(0, kind, fits, withinMs),
      next: async (kind, fits = () => true, withinMs = DEADLINE_MS) => await wait(all.length, kind, fits, withinMs),
    },
    push(event) {
      all.push(event);
      for (const look of waiting) look();
    },
  };
}

/** The kind, and what went wrong where something says so. */
function described(event: { readonly kind: string }): string {
  return "message" in event ? `${event.kind} (${String(event.message)})` : event.kind;
}
