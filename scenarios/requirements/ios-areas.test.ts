import { describe, expect, test } from "vitest";
import { judgeTrace } from "../../harness/judge/judge-trace.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import { audioRequirements } from "./audio/index.ts";
import { callkitRequirements } from "./callkit/index.ts";
import { pushkitRequirements } from "./pushkit/index.ts";
import { answeredOnIphone, call, iosLadder, phone, second } from "./testing/ios-ladder.ts";

const requirements = [...pushkitRequirements, ...callkitRequirements, ...audioRequirements];

const verdictsOf = (trace: Trace, kind: "pass" | "fail") =>
  Object.entries(judgeTrace(trace, requirements))
    .filter(([, verdict]) => verdict.kind === kind)
    .map(([id]) => id);

/** Calls as conforming apps treat them. */
const conforming: Readonly<Record<string, () => Trace>> = {
  answered: () => answeredOnIphone(),
  "answered from a cold start": () => answeredOnIphone({ phones: [{ app: "killed" }] }),
  "answered with video over TCP": () => answeredOnIphone({ transport: "tcp", calls: [{ video: true }] }),
  "answered before the INVITE": () => {
    const t = iosLadder();
    t.rings();
    t.answers(phone, call);
    t.registers(phone, { afterMs: 1500 });
    t.inviteSent(phone, call);
    t.accepts();
    t.fulfils(phone, call);
    t.audioActivates(phone);
    t.mediaStarts(phone, call);
    t.isHungUp();
    return t.finished();
  },
  "INVITE first, push later": () => {
    const t = iosLadder({ phones: [{ app: "background" }] });
    t.inviteSent(phone, call);
    t.reports(phone, call, { uuid: "12345678-0000-4000-8000-000000000001" });
    t.appSends(phone, call, 180);
    t.pushed(phone, call, { mustReport: false });
    t.reports(phone, call);
    t.completes(phone);
    t.returns(phone);
    t.answers(phone, call);
    t.accepts();
    t.fulfils(phone, call);
    t.audioActivates(phone);
    t.mediaStarts(phone, call);
    t.isHungUp();
    return t.finished();
  },
  "cancelled while it rings": () => {
    const t = iosLadder();
    t.rings();
    t.connects();
    t.cancelSent(phone, call);
    t.ends(phone, call, "remoteEnded");
    return t.finished();
  },
  declined: () => {
    const t = iosLadder();
    t.rings();
    t.connects();
    t.declines(phone, call);
    t.appSends(phone, call, 603);
    t.ackSent(phone, call);
    t.fulfils(phone, call, "end");
    return t.finished();
  },
  "no INVITE": () => {
    const t = iosLadder();
    t.rings();
    t.registers(phone);
    t.ends(phone, call, "unanswered", { afterMs: 20_000 });
    return t.finished();
  },
  "two calls, the first held": () => {
    const t = iosLadder({ calls: [{}, {}] });
    t.talks();
    t.ringsForPush(phone, second);
    t.inviteSent(phone, second);
    t.appSends(phone, second, 180);
    t.happens(phone, { kind: "call.held", callUUID: t.uuidOf(phone, call), onHold: true });
    t.mediaStops(phone, call);
    t.answers(phone, second);
    t.accepts(second);
    t.fulfils(phone, second);
    t.mediaStarts(phone, second);
    t.isHungUp(second);
    t.isHungUp(call);
    return t.finished();
  },
};

describe("the requirements on an iPhone", () => {
  test.each(Object.entries(conforming))("find nothing wrong with a conforming app: %s", (_name, trace) => {
    expect(verdictsOf(trace(), "fail")).toEqual([]);
    expect(verdictsOf(trace(), "pass").length).toBeGreaterThan(2);
  });

  test("earn an app that does nothing no pass", () => {
    const t = iosLadder();
    t.pushed(phone, call);
    t.returns(phone);
    t.launches(phone);
    t.opensFlow(phone);
    t.inviteSent(phone, call);
    t.cancelSent(phone, call, { answered: false });
    expect(verdictsOf(t.finished(), "pass")).toEqual([]);
  });

  test("are named once, and every must quotes somebody else", () => {
    expect(new Set(requirements.map(({ id }) => id)).size).toBe(requirements.length);
    const unfounded = requirements.filter(
      ({ level, origin, sources }) => sources.length === 0 || (level === "must" && origin === "house"),
    );
    expect(unfounded).toEqual([]);
  });

  test("judge nothing of a trace of the server role", () => {
    const { facts, ...rest } = answeredOnIphone();
    const trace = { ...rest, facts: { ...facts, role: "server" as const } };
    expect([...verdictsOf(trace, "pass"), ...verdictsOf(trace, "fail")]).toEqual([]);
  });
});
