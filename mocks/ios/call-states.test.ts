import { describe, expect, test } from "vitest";
import { testIphone, uuids, type TestIphone } from "./testing/test-iphone.ts";

const [uuid] = uuids;
const update = { remoteHandle: { type: "phoneNumber", value: "+15550100" } } as const;
const answerMs = 60_000;
const otherMs = 5000;

/** How a call gets into each state, from nothing. */
const ways: Readonly<Record<string, (phone: TestIphone) => void>> = {
  none: () => {},
  ringing: (phone) => void phone.ask("provider.reportNewIncomingCall", { uuid, update }),
  answering(phone) {
    to(phone, "ringing");
    phone.device.user.answer(uuid);
  },
  connected(phone) {
    to(phone, "answering");
    phone.ask("action.fulfill", { actionId: phone.actionId("answer") });
    phone.clock.advance(200);
  },
  ending(phone) {
    to(phone, "connected");
    phone.device.user.hangUp(uuid);
  },
  declining(phone) {
    to(phone, "ringing");
    phone.device.user.decline(uuid);
  },
  stale(phone) {
    to(phone, "ending");
    phone.ask("action.fail", { actionId: phone.actionId("end") });
  },
  starting: (phone) => void phone.device.user.start(uuid),
  connecting(phone) {
    to(phone, "starting");
    phone.ask("action.fulfill", { actionId: phone.actionId("start") });
    phone.clock.advance(200);
  },
};

function to(phone: TestIphone, state: string): void {
  ways[state]?.(phone);
}

async function inState(state: string): Promise<TestIphone> {
  const phone = await testIphone();
  phone.device.foreground();
  to(phone, state);
  expect(phone.device.calls().map((call) => call.state)).toEqual(
    state === "none" ? [] : [state === "declining" ? "ending" : state],
  );
  phone.news();
  phone.requests();
  return phone;
}

interface Row {
  readonly state: string;
  readonly event: string;
  readonly act: (phone: TestIphone) => unknown;
  readonly next: string;
  /** What the system says it did, in order. */
  readonly news: readonly string[];
  /** What the app is asked. */
  readonly asked?: readonly string[];
}

const report = (phone: TestIphone) => phone.ask("provider.reportNewIncomingCall", { uuid, update });
const settle = (how: "action.fulfill" | "action.fail", type: string) => (phone: TestIphone) =>
  phone.ask(how, { actionId: phone.actionId(type) });
const wait = (ms: number) => (phone: TestIphone) => phone.clock.advance(ms);
const reportEnded = (phone: TestIphone) => phone.ask("provider.reportCallEnded", { uuid, reason: "remoteEnded" });

const live = ["ringing", "answering", "connected", "ending", "declining", "stale", "starting", "connecting"];
const audible = ["connected", "ending", "stale", "connecting"];
const openAction = ["answering", "ending", "declining", "starting"];

/** How a call leaves the system with all it had. */
function leaving(state: string, audio: readonly string[] = ["audio.deactivated"]): readonly string[] {
  return [
    ...(openAction.includes(state) ? ["action.settled"] : []),
    ...(state === "ringing" ? ["ringing.ended"] : []),
    "call.ended",
    ...(audible.includes(state) ? audio : []),
  ];
}

const rows: readonly Row[] = [
  { state: "none", event: "a report", act: report, next: "ringing", news: ["ringing.shown"] },
  { state: "ringing", event: "a report of the same UUID", act: report, next: "ringing", news: ["call.refused"] },
  {
    state: "ringing",
    event: "the user's answer",
    act: (phone) => phone.device.user.answer(uuid),
    next: "answering",
    news: ["action.performed", "ringing.ended"],
    asked: ["provider.perform"],
  },
  {
    state: "answering",
    event: "fulfil",
    act: settle("action.fulfill", "answer"),
    next: "connected",
    news: ["action.settled", "call.connected"],
  },
  {
    state: "connected",
    event: "nothing for a while after the fulfilment",
    act: wait(1000),
    next: "connected",
    news: [],
  },
  {
    state: "answering",
    event: "fail",
    act: settle("action.fail", "answer"),
    next: "none",
    news: ["action.settled", "call.ended"],
  },
  { state: "answering", event: "nothing, just short of 60 s", act: wait(answerMs - 1), next: "answering", news: [] },
  {
    state: "answering",
    event: "nothing for 60 s",
    act: wait(answerMs),
    next: "none",
    news: ["action.settled", "call.ended"],
    asked: ["provider.timedOutPerforming"],
  },
  {
    state: "ringing",
    event: "the user's decline",
    act: (phone) => phone.device.user.decline(uuid),
    next: "ending",
    news: ["action.performed", "ringing.ended"],
    asked: ["provider.perform"],
  },
  {
    state: "connected",
    event: "the user's hanging up",
    act: (phone) => phone.device.user.hangUp(uuid),
    next: "ending",
    news: ["action.performed"],
    asked: ["provider.perform"],
  },
  {
    state: "ending",
    event: "fulfil",
    act: settle("action.fulfill", "end"),
    next: "none",
    news: ["action.settled", "call.ended", "audio.deactivated"],
    asked: ["provider.didDeactivateAudioSession"],
  },
  {
    state: "declining",
    event: "fulfil",
    act: settle("action.fulfill", "end"),
    next: "none",
    news: ["action.settled", "call.ended"],
  },
  {
    state: "ending",
    event: "fail",
    act: settle("action.fail", "end"),
    next: "stale",
    news: ["action.settled", "call.stale"],
  },
  { state: "ending", event: "nothing, just short of 5 s", act: wait(otherMs - 1), next: "ending", news: [] },
  {
    state: "ending",
    event: "nothing for 5 s",
    act: wait(otherMs),
    next: "stale",
    news: ["action.settled", "call.stale"],
    asked: ["provider.timedOutPerforming"],
  },
  {
    state: "stale",
    event: "the user's hanging up again",
    act: (phone) => phone.device.user.hangUp(uuid),
    next: "ending",
    news: ["action.performed"],
    asked: ["provider.perform"],
  },
  { state: "stale", event: "a report of the same UUID", act: report, next: "stale", news: ["call.refused"] },
  {
    state: "starting",
    event: "fulfil",
    act: settle("action.fulfill", "start"),
    next: "connecting",
    news: ["action.settled"],
  },
  {
    state: "starting",
    event: "fail",
    act: settle("action.fail", "start"),
    next: "none",
    news: ["action.settled", "call.ended"],
  },
  {
    state: "starting",
    event: "nothing for 600 s",
    act: wait(600_000),
    next: "none",
    news: ["action.settled", "call.ended"],
    asked: ["provider.timedOutPerforming"],
  },
  { state: "none", event: "a reported end", act: reportEnded, next: "none", news: [] },
  ...live.flatMap((state): readonly Row[] => [
    {
      state,
      event: "a reported end",
      act: reportEnded,
      next: "none",
      news: leaving(state),
      asked: audible.includes(state) ? ["provider.didDeactivateAudioSession"] : [],
    },
    {
      state,
      event: "providerDidReset",
      act: (phone) => phone.device.resetProvider(),
      next: "none",
      news: ["provider.reset", ...leaving(state)],
      asked: ["provider.didReset", ...(audible.includes(state) ? ["provider.didDeactivateAudioSession"] : [])],
    },
    {
      state,
      event: "a crash of the app",
      act: (phone) => phone.tell("device.died", { message: "boom" }),
      next: "none",
      news: [...leaving(state), "app.terminated"],
    },
    {
      state,
      event: "the user's swiping the app away",
      act: (phone) => phone.device.terminate("swiped away"),
      next: "none",
      news: [...leaving(state), "app.terminated"],
      asked: ["device.terminate"],
    },
  ]),
];

describe("a call of the simulated iPhone", () => {
  test.for(rows)("$state, then $event: $next", async (row) => {
    const phone = await inState(row.state);
    row.act(phone);
    expect(phone.device.calls().map(({ state }) => state)).toEqual(row.next === "none" ? [] : [row.next]);
    expect(phone.news()).toEqual(row.news);
    expect(phone.requests()).toEqual(row.asked ?? []);
    expect(phone.problems).toEqual([]);
  });

  test.for([
    { filter: { doNotDisturb: true }, code: 3, why: "filteredByDoNotDisturb" },
    { filter: { blocked: ["tel:+1-555-0100"] }, code: 4, why: "filteredByBlockList" },
  ])("is never shown when it is $why, and nothing comes of it", async ({ filter, code, why }) => {
    const phone = await testIphone({ conditions: filter });
    phone.device.foreground();
    phone.news();
    expect(report(phone)).toMatchObject({ code: 1, data: { domain: "com.apple.CallKit.error.incomingcall", code } });
    phone.requests();
    expect(phone.device.user.answer(uuid)).toBe(false);
    expect(phone.device.user.decline(uuid)).toBe(false);
    phone.clock.advance(120_000);
    expect(phone.device.calls()).toEqual([]);
    expect(phone.events.filter(({ kind }) => kind === "call.refused" || kind.startsWith("ringing"))).toEqual([
      { kind: "call.refused", callUUID: uuid, code, why },
    ]);
    expect(phone.requests()).toEqual([]);
  });
});
