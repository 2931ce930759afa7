import type { IosEvent } from "../../harness/trace/ios-event.ts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { testIphone, uuids, type Behaviour, type TestIphone } from "./testing/test-iphone.ts";

type Act = (phone: TestIphone) => void;

/** Mostly the same two, so that calls live long enough for something to happen to them. */
const uuid = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(uuids[0], uuids[1]) },
  fc.constantFrom(uuids[2], uuids[0].toUpperCase(), "no-uuid"),
);
const reason = fc.constantFrom(
  "failed" as const,
  "remoteEnded" as const,
  "unanswered" as const,
  "answeredElsewhere" as const,
  "declinedElsewhere" as const,
);
const update = fc.constantFrom({}, { remoteHandle: { type: "phoneNumber", value: "+15550100" } } as const);
const actionType = fc.constantFrom("answer" as const, "end" as const, "start" as const);

/** The newest action but `nth`, or one that never was. */
function someAction(phone: TestIphone, nth: number): string {
  const ids = phone.events.flatMap((event) => (event.kind === "action.performed" ? [event.action] : []));
  return ids.at(-1 - nth) ?? "no-such";
}

/** An act that a counterexample shows by its code and value. */
const said = <A>(arbitrary: fc.Arbitrary<A>, act: (phone: TestIphone, value: A) => unknown): fc.Arbitrary<Act> =>
  arbitrary.map((value) =>
    Object.assign((phone: TestIphone) => void act(phone, value), {
      [fc.toStringMethod]: () => `${JSON.stringify(value)} in ${String(act)}`,
    }),
  );

const pushId = fc.constantFrom("p1", "p2", "p3");
const appRequest: fc.Arbitrary<Act> = fc.oneof(
  said(fc.tuple(uuid, update), (phone, [callUUID, its]) =>
    phone.ask("provider.reportNewIncomingCall", { uuid: callUUID, update: its }),
  ),
  said(fc.tuple(uuid, update), (phone, [callUUID, its]) =>
    phone.ask("provider.reportCallUpdated", { uuid: callUUID, update: its }),
  ),
  said(fc.tuple(uuid, reason), (phone, [callUUID, why]) =>
    phone.ask("provider.reportCallEnded", { uuid: callUUID, reason: why }),
  ),
  said(fc.nat(3), (phone, nth) => phone.ask("action.fulfill", { actionId: someAction(phone, nth) })),
  said(fc.nat(3), (phone, nth) => phone.ask("action.fail", { actionId: someAction(phone, nth) })),
  said(fc.array(fc.record({ type: actionType, callUUID: uuid }), { maxLength: 3 }), (phone, actions) =>
    phone.ask("callController.request", { actions }),
  ),
  said(pushId, (phone, id) => phone.ask("pushRegistry.completion", { pushId: id })),
  said(uuid, (phone, callUUID) => phone.tell("media.started", { callUUID })),
);
const userAct: fc.Arbitrary<Act> = fc.oneof(
  said(fc.tuple(uuid, fc.constantFrom("end" as const, "hold" as const)), (phone, [callUUID, others]) =>
    phone.device.user.answer(callUUID, others),
  ),
  said(uuid, (phone, callUUID) => phone.device.user.decline(callUUID)),
  said(uuid, (phone, callUUID) => phone.device.user.hangUp(callUUID)),
  said(fc.tuple(uuid, fc.boolean()), (phone, [callUUID, onHold]) => phone.device.user.setHeld(callUUID, onHold)),
  said(fc.tuple(uuid, fc.boolean()), (phone, [callUUID, muted]) => phone.device.user.setMuted(callUUID, muted)),
  said(uuid, (phone, callUUID) => phone.device.user.start(callUUID)),
);
const systemAct: fc.Arbitrary<Act> = fc.oneof(
  said(fc.constant(undefined), (phone) => phone.device.foreground()),
  said(fc.constant(undefined), (phone) => phone.device.background()),
  said(fc.constant(undefined), (phone) => phone.device.suspend()),
  said(fc.constant(undefined), (phone) => phone.device.terminate("swiped away")),
  said(fc.constant(undefined), (phone) => phone.tell("device.died", { message: "boom" })),
  said(fc.constant(undefined), (phone) => phone.device.resetProvider()),
  said(fc.constant(undefined), (phone) => phone.device.invalidateToken()),
  said(fc.constantFrom("bb", "cc"), (phone, token) => phone.device.rotateToken(token)),
  said(fc.tuple(pushId, fc.constantFrom({}, { mustReport: true }, { mustReport: false })), (phone, [id, must]) =>
    phone.device.deliver({ id, payload: {}, ...must }),
  ),
  said(fc.boolean(), (phone, doNotDisturb) => phone.device.change({ doNotDisturb })),
);
const wait = said(fc.constantFrom(0, 50, 100, 1500, 5000, 7000, 60_000), (phone, ms) => phone.clock.advance(ms));

/** Apps that settle while they are asked, apps that never reply, apps that refuse, and ordinary ones. */
const behaviours: readonly Behaviour[] = [
  {},
  {
    "provider.perform"({ action }, reply, app) {
      app.ask("action.fulfill", { actionId: action.id });
      reply();
    },
    "pushRegistry.didReceiveIncomingPush"({ pushId }, reply, app) {
      app.ask("provider.reportNewIncomingCall", { uuid: uuids[1], update: {} });
      reply();
      app.ask("pushRegistry.completion", { pushId });
    },
    "provider.didActivateAudioSession"(_, reply, app) {
      app.ask("provider.reportCallEnded", { uuid: uuids[0], reason: "failed" });
      reply();
    },
  },
  {
    "provider.perform": () => {},
    "device.suspend": () => {},
    "device.terminate": () => {},
    "pushRegistry.didReceiveIncomingPush": () => {},
  },
  {
    "device.launch": (_, reply, app) =>
      app.clock.now() % 2000 < 1000 ? reply({ error: { code: -32603, message: "no" } }) : reply(),
    "provider.perform": (_, __, app) => app.tell("device.died", { message: "boom" }),
    "device.terminate": (_, __, app) => app.tell("device.died", { message: "boom" }),
  },
];

const story = fc.record({
  app: fc.constantFrom(...behaviours),
  acts: fc.array(
    fc.oneof({ weight: 5, arbitrary: appRequest }, { weight: 3, arbitrary: userAct }, systemAct, {
      weight: 2,
      arbitrary: wait,
    }),
    { minLength: 10, maxLength: 40, size: "max" },
  ),
});

async function played({ app, acts }: { readonly app: Behaviour; readonly acts: readonly Act[] }): Promise<TestIphone> {
  const phone = await testIphone({ app, numbers: { unreportedPushLimit: 5 } });
  phone.device.foreground();
  for (const act of acts) act(phone);
  // Until no action, push or call of it can still be waiting for its time.
  phone.clock.advance(700_000);
  phone.device.terminate("the story is over");
  phone.clock.advance(20_000);
  return phone;
}

/** How often each `id` of a kind of event comes. */
function counts(events: readonly IosEvent[], kind: "action.performed" | "action.settled"): ReadonlyMap<string, number> {
  const all = new Map<string, number>();
  for (const event of events) if (event.kind === kind) all.set(event.action, (all.get(event.action) ?? 0) + 1);
  return all;
}

function ringingFaults(events: readonly IosEvent[]): readonly string[] {
  const ringing = new Set<string>();
  const faults: string[] = [];
  for (const event of events) {
    if (event.kind === "ringing.shown") {
      if (ringing.has(event.callUUID)) faults.push(`${event.callUUID} rings twice`);
      ringing.add(event.callUUID);
    } else if (event.kind === "ringing.ended" && !ringing.delete(event.callUUID))
      faults.push(`${event.callUUID} stops and did not ring`);
  }
  return [...faults, ...[...ringing].map((callUUID) => `${callUUID} rings for ever`)];
}

function audioFaults(events: readonly IosEvent[]): readonly string[] {
  const talking = new Set<string>();
  const faults: string[] = [];
  let isActive = false;
  for (const event of events) {
    if (event.kind === "action.settled" && event.outcome === "fulfilled") {
      if (event.type === "answer" || event.type === "start") talking.add(event.callUUID);
    } else if (event.kind === "call.ended") talking.delete(event.callUUID);
    else if (event.kind === "audio.activated" || event.kind === "audio.deactivated") {
      const activates = event.kind === "audio.activated";
      if (isActive === activates) faults.push(`${event.kind} again`);
      if (activates && talking.size === 0) faults.push("activated for nobody");
      isActive = activates;
    }
  }
  return isActive ? [...faults, "active for ever"] : faults;
}

describe("whatever apps, users and the system do, the simulated iPhone", () => {
  test("performs and settles every action exactly once", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (its) => {
        const { events } = await played(its);
        const performed = counts(events, "action.performed");
        expect(counts(events, "action.settled")).toEqual(performed);
        expect([...performed.values()].every((times) => times === 1)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test("rings once per UUID at a time, and stops", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (its) => {
        expect(ringingFaults((await played(its)).events)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("has audio only between a fulfilled answer or start and the end of the calls", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (its) => {
        expect(audioFaults((await played(its)).events)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("ends every app that owes a report when the delegate method returns, and no other for it", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (its) => {
        const { events } = await played(its);
        let owing = false;
        for (const [at, event] of events.entries()) {
          if (event.kind === "push.received") owing = event.mustReport;
          const owes = event.kind === "push.returned" && owing && !event.reported;
          const next = events[at + 1];
          expect(next?.kind === "push.unreported" && next.check === "delegate").toBe(owes);
          if (event.kind !== "push.unreported") continue;
          const end = events.slice(at).find(({ kind }) => kind === "app.terminated");
          expect(end).toMatchObject({ why: event.check === "crash" ? "crashed" : "unreported-push" });
        }
      }),
      { numRuns: 150 },
    );
  });

  test("asks only processes that are there, and launches no second one", async () => {
    await fc.assert(
      fc.asyncProperty(story, async (its) => {
        const { astray, asked } = await played(its);
        expect(asked.map(({ method }) => method)).toContain("device.launch");
        expect(astray).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  test("leaves no timer behind once it is closed", async () => {
    await fc.assert(
      fc.asyncProperty(story, async ({ app, acts }) => {
        const phone = await testIphone({ app });
        phone.device.foreground();
        for (const act of acts) act(phone);
        phone.device.close();
        const before = phone.asked.length;
        // What is left are the link's own time-outs of its requests.
        phone.clock.advance(10_000);
        expect(phone.clock.pending()).toBe(0);
        expect(phone.asked).toHaveLength(before);
      }),
      { numRuns: 100 },
    );
  });
});
