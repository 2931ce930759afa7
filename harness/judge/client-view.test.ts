import { describe, expect, test } from "vitest";
import { clientCallsOf, clientPhonesOf } from "./client-view.ts";
import { iosPhoneOf } from "./client-view-ios.ts";
import { remoteEndOf } from "./client-view-legs.ts";
import { runsFrom, stateAt } from "./client-view-life.ts";
import { traceBuilder } from "./testing/trace-builder.ts";
import { iosTrace } from "./testing/ios-trace.ts";

const phone = "phone:1" as const;
const call = "call:1" as const;

describe("clientPhonesOf", () => {
  test("is worked out once per trace, and knows the client role only", () => {
    const trace = iosTrace().finished();
    expect(clientPhonesOf(trace)).toBe(clientPhonesOf(trace));
    expect(clientPhonesOf(trace, "android")).toEqual([]);
    expect(clientPhonesOf(traceBuilder().finished())).toEqual([]);
  });

  test("knows when the app runs", () => {
    const t = iosTrace();
    const asleep = t.delivers(phone, call);
    const woken = t.wakes(phone);
    t.terminates(phone);
    const gone = t.delivers(phone, call);
    const { life } = clientPhonesOf(t.finished())[0] ?? { life: [] };
    expect([asleep, woken, gone].map((event) => stateAt(life, event))).toEqual(["suspended", "running", "not-running"]);
    expect(runsFrom(life, asleep)).toBe(woken);
    expect(runsFrom(life, woken)).toBe(woken);
    expect(runsFrom(life, gone)).toBeUndefined();
  });

  test("knows each push with what became of it, and which came again", () => {
    const t = iosTrace();
    const { delivered, received, request } = t.pushed(phone, call);
    t.reports(phone, call);
    const completed = t.completes(phone);
    const returned = t.returns(phone);
    t.pushed(phone, call, { mustReport: false });
    const withheld = t.delivers(phone, call);
    const pushes = clientPhonesOf(t.finished())[0]?.pushes ?? [];
    expect(pushes[0]).toMatchObject({ delivered, handed: received, returned, mustReport: true, isAgain: false });
    expect(pushes[0]?.request?.event).toBe(request);
    expect(pushes[0]?.completions).toEqual([completed]);
    expect(pushes[1]).toMatchObject({ mustReport: false, isAgain: true, returned: undefined });
    expect(pushes[2]).toMatchObject({ delivered: withheld, handed: undefined });
  });
});

describe("iosPhoneOf", () => {
  test("knows reports with their outcome, and calls with their rings, actions and ends", () => {
    const t = iosTrace();
    const { shown } = t.ringsForPush(phone, call);
    const refused = t.reports(phone, call);
    const { performed } = t.answers(phone, call);
    const settled = t.fulfils(phone, call);
    const late = t.settlesAgain("action-1", phone, call);
    const updated = t.updates(phone, call, { name: "Ann" });
    const ended = t.ends(phone, call, "remoteEnded");
    const again = t.reports(phone, call);
    const { reports, calls, actions } = iosPhoneOf(t.finished(), phone);
    expect(reports.map(({ outcome }) => outcome)).toEqual([shown, refused.outcome, again.outcome]);
    expect(reports[0]?.update).toEqual({ handle: "+49301001", name: "Caller 1", hasVideo: false });
    expect(actions).toMatchObject([{ type: "answer", performed, settled, outcome: "fulfilled", late: [late] }]);
    expect(calls).toHaveLength(2);
    expect(calls[0]).toMatchObject({
      call,
      since: shown,
      answered: performed,
      ended: { event: ended, why: "remoteEnded" },
    });
    expect(calls[0]?.ringing).toMatchObject([{ from: shown, until: { why: "answered" } }]);
    expect(calls[0]?.updates).toEqual([{ event: updated, update: { name: "Ann" } }]);
    expect(calls[1]).toMatchObject({ since: again.outcome, ended: undefined });
  });

  test("tells the actions of one process from those of the next, which are counted from one again", () => {
    const t = iosTrace();
    t.ringsForPush(phone, call);
    const first = t.answers(phone, call);
    const uuid = t.uuidOf(phone, call);
    const settled = { kind: "action.settled", action: "action-1", type: "answer", callUUID: uuid } as const;
    const lost = t.happens(phone, { ...settled, outcome: "app-terminated" });
    const body = { kind: "action.performed", action: "action-1", type: "answer", callUUID: uuid } as const;
    const second = t.happens(phone, { ...body, timeoutMs: 60_000, asker: "user" });
    const kept = t.happens(phone, { ...settled, outcome: "fulfilled" });
    expect(iosPhoneOf(t.finished(), phone).actions).toMatchObject([
      { performed: first.performed, settled: lost },
      { performed: second, settled: kept },
    ]);
  });

  test("knows when the audio session was active", () => {
    const t = iosTrace();
    const from = t.audioActivates(phone);
    const until = t.audioDeactivates(phone);
    const again = t.audioActivates(phone);
    expect(iosPhoneOf(t.finished(), phone).audio).toEqual([
      { from, until },
      { from: again, until: undefined },
    ]);
  });
});

describe("clientCallsOf", () => {
  test("ties pushes, legs, shown calls and acts to the call at the phones of its account", () => {
    const t = iosTrace({ phones: [{}, { account: 2 }], calls: [{}, { callee: 2 }] });
    t.ringsForPush(phone, call);
    t.registers(phone);
    const invite = t.inviteSent(phone, call);
    t.appSends(phone, call, 180);
    t.answers(phone, call);
    const answer = t.appSends(phone, call, 200);
    t.ackSent(phone, call);
    const { request: bye } = t.byeSent(phone, call);
    const [first, second] = clientCallsOf(t.finished());
    expect(first).toMatchObject({ ref: call, phone: { ref: phone } });
    expect([first?.pushes.length, first?.shown.length, first?.acts.length]).toEqual([1, 1, 1]);
    expect(first?.legs).toHaveLength(1);
    expect(first?.legs[0]?.invite.event).toBe(invite);
    expect(first?.legs[0]?.answer?.event).toBe(answer);
    expect(remoteEndOf(first?.legs ?? [])).toMatchObject({ event: bye, how: "bye", form: "plain" });
    expect(second).toMatchObject({ ref: "call:2", phone: { ref: "phone:2" }, pushes: [], legs: [] });
  });

  test("reads how a CANCEL says why", () => {
    const formOf = (form: "plain" | "completed-elsewhere" | "answered-elsewhere" | "declined-elsewhere") => {
      const t = iosTrace({ phones: [{ app: "foreground" }] });
      t.inviteSent(phone, call);
      t.appSends(phone, call, 180);
      t.cancelSent(phone, call, { form });
      return remoteEndOf(clientCallsOf(t.finished())[0]?.legs ?? [])?.form;
    };
    expect(formOf("plain")).toBe("plain");
    expect(formOf("completed-elsewhere")).toBe("answered-elsewhere");
    expect(formOf("answered-elsewhere")).toBe("answered-elsewhere");
    expect(formOf("declined-elsewhere")).toBe("declined-elsewhere");
  });

  test("takes an answer that comes over a newer flow for that of its INVITE", () => {
    const t = iosTrace({ phones: [{ app: "foreground" }] });
    t.inviteSent(phone, call);
    t.opensFlow(phone);
    const final = t.appSends(phone, call, 480, { flow: t.flowOf(phone) });
    expect(clientCallsOf(t.finished())[0]?.legs[0]?.final?.event).toBe(final);
  });

  test("tells the branches of a forked INVITE apart", () => {
    const t = iosTrace({ phones: [{ app: "foreground" }] });
    t.inviteSent(phone, call);
    t.appSends(phone, call, 180);
    t.inviteSent(phone, call, { fork: true });
    t.appSends(phone, call, 482);
    const legs = clientCallsOf(t.finished())[0]?.legs ?? [];
    expect(legs.map(({ ringing, final }) => [ringing?.sip.status, final?.sip.status])).toEqual([
      [180, undefined],
      [undefined, 482],
    ]);
  });
});
