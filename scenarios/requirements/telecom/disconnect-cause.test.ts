import { describe, expect, test } from "vitest";
import type { AndroidTrace } from "../../../harness/judge/testing/android-trace.ts";
import type { DisconnectCause } from "../../../harness/trace/android-event.ts";
import { disconnectCause } from "./disconnect-cause.ts";
import { android, call, cancelledCall, inCall, phone, ringing, wholeCall } from "./testing/android-ladder.ts";

type Ending = (t: AndroidTrace) => void;

const endings: Readonly<
  Record<string, readonly [start: () => AndroidTrace, end: Ending, causes: readonly DisconnectCause[]]>
> = {
  cancelled: [ringing, (t) => t.cancelSent(phone, call), ["MISSED", "REMOTE", "CANCELED"]],
  "answered elsewhere": [
    ringing,
    (t) => t.cancelSent(phone, call, { form: "completed-elsewhere" }),
    ["ANSWERED_ELSEWHERE"],
  ],
  "declined elsewhere": [
    ringing,
    (t) => t.cancelSent(phone, call, { form: "declined-elsewhere" }),
    ["REJECTED", "REMOTE"],
  ],
  declined: [ringing, (t) => t.taps(phone, call, "decline"), ["REJECTED"]],
  "hung up": [inCall, (t) => t.taps(phone, call, "hangup"), ["LOCAL"]],
  "hung up by the caller": [inCall, (t) => t.byeSent(phone, call), ["REMOTE"]],
  "without an INVITE": [
    () => {
      const t = android();
      t.rings(phone, call);
      return t;
    },
    () => {},
    ["ERROR", "MISSED"],
  ],
};

const every: readonly DisconnectCause[] = [
  "ERROR",
  "LOCAL",
  "REMOTE",
  "CANCELED",
  "MISSED",
  "REJECTED",
  "BUSY",
  "ANSWERED_ELSEWHERE",
];

describe("telecom/disconnect-cause", () => {
  test.each(Object.keys(endings))("takes the causes that fit a call that was %s, and no others", (name) => {
    const [start, end, fitting] = endings[name] ?? [android, () => {}, []];
    const passing = every.filter((disconnected) => {
      const t = start();
      end(t);
      const state = t.moves(phone, call, "DISCONNECTED", { disconnectCause: disconnected });
      const verdict = disconnectCause.judge(t.finished());
      expect(verdict).toMatchObject(
        verdict.kind === "fail" ? { mismatch: "wrong-cause", actual: disconnected } : { kind: "pass" },
      );
      expect("evidence" in verdict && verdict.evidence.at(-1)).toBe(state.seq);
      return verdict.kind === "pass";
    });
    expect(passing.toSorted()).toEqual([...fitting].toSorted());
  });

  test("lets either cause pass where two ends cross", () => {
    const t = ringing();
    t.taps(phone, call, "decline");
    t.cancelSent(phone, call);
    t.moves(phone, call, "DISCONNECTED", { disconnectCause: "MISSED" });
    expect(disconnectCause.judge(t.finished()).kind).toBe("pass");
  });

  test("lets the loss of the network pass where it crosses another end", () => {
    const t = ringing();
    t.asks(phone, "network.changed", { reachable: true });
    t.taps(phone, call, "decline");
    t.moves(phone, call, "DISCONNECTED", { disconnectCause: "ERROR" });
    expect(disconnectCause.judge(t.finished()).kind).toBe("pass");
  });

  test("lets the refusal of the REGISTER pass where it crosses a decline", () => {
    const declined = (status: number) => {
      const t = android({ registered: false });
      t.launches(phone, "push");
      t.rings(phone, call);
      t.registers(phone, { status });
      t.taps(phone, call, "decline");
      t.moves(phone, call, "DISCONNECTED", { disconnectCause: "ERROR" });
      return disconnectCause.judge(t.finished()).kind;
    };
    expect([declined(403), declined(200)]).toEqual(["pass", "fail"]);
  });

  test("takes a push without an INVITE for what it is to a process that is new", () => {
    const t = inCall();
    t.byeSent(phone, call);
    t.terminates(phone);
    t.launches(phone, "push");
    t.rings(phone, call);
    t.moves(phone, call, "DISCONNECTED", { disconnectCause: "MISSED" });
    expect(disconnectCause.judge(t.finished()).kind).toBe("pass");
    const declined = ringing();
    declined.terminates(phone);
    declined.taps(phone, call, "decline");
    declined.launches(phone, "push");
    declined.rings(phone, call);
    declined.moves(phone, call, "DISCONNECTED", { disconnectCause: "MISSED" });
    expect(disconnectCause.judge(declined.finished()).kind).toBe("pass");
  });

  test("takes the BYE for the end where the CANCEL came too late", () => {
    const t = inCall();
    t.cancelSent(phone, call, { form: "answered-elsewhere", answered: false });
    t.byeSent(phone, call);
    t.moves(phone, call, "DISCONNECTED", { disconnectCause: "REMOTE" });
    expect(disconnectCause.judge(t.finished()).kind).toBe("pass");
  });

  test("lets any cause pass after onAbort, and those of Core-Telecom stand for the rest", () => {
    const aborted = ringing();
    aborted.asked(phone, call, "abort");
    aborted.moves(phone, call, "DISCONNECTED", { disconnectCause: "OTHER" });
    expect(disconnectCause.judge(aborted.finished()).kind).toBe("pass");
    const core = ringing({ app: { telecom: "core" } });
    core.cancelSent(phone, call, { form: "answered-elsewhere" });
    core.moves(phone, call, "DISCONNECTED", { disconnectCause: "REMOTE" });
    expect(disconnectCause.judge(core.finished()).kind).toBe("pass");
  });

  test("fails without any cause", () => {
    const t = ringing();
    t.cancelSent(phone, call);
    t.moves(phone, call, "DISCONNECTED");
    expect(disconnectCause.judge(t.finished())).toMatchObject({ mismatch: "wrong-cause", actual: "no cause" });
  });

  test("passes for whole calls, and is not exercised by one that goes on", () => {
    expect(disconnectCause.judge(wholeCall().finished()).kind).toBe("pass");
    expect(disconnectCause.judge(cancelledCall().finished()).kind).toBe("pass");
    expect(disconnectCause.judge(ringing().finished())).toEqual({ kind: "not-exercised" });
  });
});
