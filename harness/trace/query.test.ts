import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { before, eventsOf, SOCKET_ORDER_TOLERANCE_MS, within } from "./query.ts";
import { arbitraryTrace, someFacts } from "./testing/arbitrary-trace.ts";
import type { Envelope, TraceEvent } from "./trace-event.ts";
import type { Trace } from "./trace.ts";

/** A SIP event of the target on a flow of its own. */
function seen(seq: number, atMs: number, more: Partial<Envelope> & { readonly flow?: string } = {}): TraceEvent {
  return {
    seq,
    atMs,
    lagMs: 0,
    from: "target",
    to: "phone",
    by: "target",
    kind: "sip",
    transport: "udp",
    flow: `flow-${seq}`,
    bytes: new Uint8Array(),
    fate: "delivered",
    ...more,
  };
}

function did(seq: number, atMs: number, more: Partial<Envelope> = {}): TraceEvent {
  return { seq, atMs, lagMs: 0, from: "user", to: "phone", by: "world", kind: "user.answered", ...more };
}

function traceOf(events: readonly TraceEvent[]): Trace {
  return {
    schema: "ringtrue.trace/1",
    scope: "case",
    facts: someFacts,
    events,
    end: { kind: "finished", atMs: 1000, absenceFromMs: 0 },
  };
}

const negation = { yes: "no", no: "yes", undecidable: "undecidable" } as const;

describe("before", () => {
  test("on two sockets it is undecidable within the tolerance and decided beyond", () => {
    expect(before(seen(0, 100), seen(1, 100 + SOCKET_ORDER_TOLERANCE_MS - 1))).toBe("undecidable");
    expect(before(seen(0, 100), seen(1, 100 + SOCKET_ORDER_TOLERANCE_MS))).toBe("yes");
    expect(before(seen(1, 100 + SOCKET_ORDER_TOLERANCE_MS), seen(0, 100))).toBe("no");
  });

  test("the lag widens what cannot be told apart", () => {
    expect(before(seen(0, 100), seen(1, 300, { lagMs: 200 }))).toBe("undecidable");
    expect(before(seen(0, 100, { lagMs: 90 }), seen(1, 300))).toBe("yes");
  });

  test("on one flow the order is that of the trace, however close", () => {
    expect(before(seen(0, 100, { flow: "a" }), seen(1, 100, { flow: "a", lagMs: 80 }))).toBe("yes");
    expect(before(seen(1, 100, { flow: "a" }), seen(0, 100, { flow: "a" }))).toBe("no");
  });

  test("requests on one connection and what belongs to one push are in order", () => {
    const push = { service: "apns", push: "p1", from: "target", to: "push-service", by: "target", lagMs: 0 } as const;
    const request: TraceEvent = {
      ...push,
      seq: 0,
      atMs: 1,
      kind: "push.request",
      connection: "c1",
      method: "POST",
      path: "/",
      headers: [],
      body: new Uint8Array(),
    };
    expect(before(request, { ...request, seq: 1, push: "p2" })).toBe("yes");
    expect(before(request, { ...request, seq: 1, push: "p2", connection: "c2" })).toBe("undecidable");
    expect(before(request, { ...push, seq: 1, atMs: 1, kind: "push.reset" })).toBe("yes");
  });

  test("between two doings of our own the order is that of the trace", () => {
    expect(before(did(0, 100), did(1, 100))).toBe("yes");
    expect(before(did(1, 100), did(0, 100))).toBe("no");
  });

  test("what was seen before we did something did come before it, but not the other way round", () => {
    expect(before(seen(0, 100), did(1, 100))).toBe("yes");
    expect(before(did(1, 100), seen(0, 100))).toBe("no");
    expect(before(did(0, 100), seen(1, 110))).toBe("undecidable");
    expect(before(did(0, 100), seen(1, 151))).toBe("yes");
    expect(before(did(0, 100), seen(1, 151, { lagMs: 2 }))).toBe("undecidable");
  });

  test("a cause comes before what it caused, along the whole chain where the trace is given", () => {
    const events = [did(0, 100), seen(1, 101, { cause: 0 }), seen(2, 102, { cause: 1 }), seen(3, 103)];
    const [a, b, c, d] = events as [TraceEvent, TraceEvent, TraceEvent, TraceEvent];
    expect(before(a, b)).toBe("yes");
    expect(before(b, a)).toBe("no");
    expect(before(a, c)).toBe("undecidable");
    expect(before(a, c, traceOf(events))).toBe("yes");
    expect(before(c, a, traceOf(events))).toBe("no");
    expect(before(a, d, traceOf(events))).toBe("undecidable");
  });

  test("nothing comes before itself", () => {
    expect(before(seen(0, 100), seen(0, 100))).toBe("no");
  });

  test("of two events the answers are opposite, both ways round", () => {
    fc.assert(
      fc.property(arbitraryTrace, (trace) => {
        const pairs = trace.events.flatMap((a) => trace.events.filter((b) => b !== a).map((b) => [a, b] as const));
        expect(pairs.map(([a, b]) => before(b, a, trace))).toEqual(
          pairs.map(([a, b]) => negation[before(a, b, trace)]),
        );
      }),
    );
  });

  test("more lag never turns yes into no", () => {
    const at = fc.integer({ min: 0, max: 300 });
    fc.assert(
      fc.property(at, at, at, at, (atA, atB, lag, more) => {
        const sharp = before(seen(0, atA, { lagMs: lag }), seen(1, atB, { lagMs: lag }));
        const blurred = before(seen(0, atA, { lagMs: lag + more }), seen(1, atB, { lagMs: lag + more }));
        expect([sharp, "undecidable"]).toContain(blurred);
      }),
    );
  });
});

describe("within", () => {
  test("compares the time between two events with the limit", () => {
    expect(within(seen(0, 100), seen(1, 600), 500)).toBe("yes");
    expect(within(seen(0, 100), seen(1, 601), 500)).toBe("no");
    expect(within(seen(0, 600), seen(1, 100), 0)).toBe("yes");
  });

  test("a limit inside the arrival windows is undecidable", () => {
    expect(within(seen(0, 100), seen(1, 620, { lagMs: 50 }), 500)).toBe("undecidable");
    expect(within(seen(0, 100), seen(1, 651, { lagMs: 50 }), 500)).toBe("no");
    expect(within(seen(0, 100, { lagMs: 50 }), seen(1, 590), 500)).toBe("undecidable");
  });

  test("a longer limit is never harder to keep, and lag decides nothing", () => {
    const number = fc.integer({ min: 0, max: 1000 });
    const rank = { no: 0, undecidable: 1, yes: 2 } as const;
    fc.assert(
      fc.property(number, number, number, number, number, (atA, atB, lag, limit, more) => {
        const a = seen(0, atA, { lagMs: lag });
        const b = seen(1, atB, { lagMs: lag });
        expect(rank[within(a, b, limit + more)]).toBeGreaterThanOrEqual(rank[within(a, b, limit)]);
        const sharp = within({ ...a, lagMs: 0 }, { ...b, lagMs: 0 }, limit);
        expect([sharp, "undecidable"]).toContain(within(a, b, limit));
      }),
    );
  });
});

describe("eventsOf", () => {
  test("gives the events of a kind in order, the same list each time", () => {
    const trace = traceOf([did(0, 1), seen(1, 2), did(2, 3)]);
    expect(eventsOf(trace, "user.answered").map((event) => event.seq)).toEqual([0, 2]);
    expect(eventsOf(trace, "user.answered")).toBe(eventsOf(trace, "user.answered"));
    expect(eventsOf(trace, "finding")).toEqual([]);
  });
});
