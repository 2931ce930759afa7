import { traceBuilder } from "../../harness/judge/testing/trace-builder.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { Trace } from "../../harness/trace/trace.ts";

/** A sleeping iPhone whose caller gives up while it is being woken. */
export function samplePlan(hostile = ""): Plan {
  return {
    scenario: "caller-hangup",
    role: "server",
    transport: "tcp",
    phones: [
      {
        platform: "ios",
        account: 1,
        app: "killed",
        signalling: "closed",
        pushes: [
          {
            answer: { kind: "accept" },
            answerDelayMs: 0,
            delivery: { kind: "deliver", delayMs: 400, copies: 1 },
          },
        ],
      },
    ],
    calls: [{ caller: { name: `Ada Lovelace${hostile}`, number: "+493010001" }, callee: 1, video: false }],
    steps: [
      { after: { on: "case.started" }, delayMs: 0, do: { kind: "caller.call", call: "call:1" } },
      { after: { on: "push.delivered", of: "phone:1" }, delayMs: 0, do: { kind: "phone.wake", phone: "phone:1" } },
      { after: { on: "ringing.shown", of: "phone:1" }, delayMs: 800, do: { kind: "caller.hang-up", call: "call:1" } },
    ],
  };
}

/** A trace of that plan in which the target sends a second push to cancel the first, with what it violates. */
export function cancelPushTrace(hostile = ""): { readonly trace: Trace; readonly violation: readonly number[] } {
  const plan = samplePlan(hostile);
  const t = traceBuilder({ transport: plan.transport, phones: plan.phones, calls: plan.calls });
  t.callerInvites("call:1");
  t.callerGets("call:1", 100);
  const wakeUp = t.push("phone:1", "call:1", { payload: { callerName: `Ada Lovelace${hostile}` } });
  const delivered = wakeUp.delivered[0];
  t.event(
    "os",
    "phone",
    { kind: "ringing.shown", why: "push" },
    { phone: "phone:1", ...(delivered === undefined ? {} : { cause: delivered.seq }) },
  );
  t.wakes("phone:1");
  t.inviteReaches("phone:1", "call:1");
  t.phoneSends("phone:1", "call:1", 100);
  t.phoneSends("phone:1", "call:1", 180);
  t.callerGets("call:1", 180);
  t.wait(800);
  const cancel = t.callerCancels("call:1");
  t.callerGetsForCancel("call:1");
  t.cancelReaches("phone:1", "call:1");
  t.event("os", "user", { kind: "ringing.ended", why: "cancelled" }, { phone: "phone:1" });
  t.callerGets("call:1", 487, {
    headers: hostile === "" ? [] : [`Reason: SIP;text="${hostile.replaceAll(/[\r\n]/gu, " ")}"`],
  });
  t.callerAcks("call:1");
  const second = t.push("phone:1", "call:1", { payload: { cancel: true, note: hostile } });
  t.event("target", "harness", {
    kind: "finding",
    rule: "apns/expiration",
    mismatch: "too-late",
    expected: "0",
    actual: "86400 s ahead",
    about: second.request.seq,
  });
  return { trace: { ...t.finished(), plan }, violation: [cancel.seq, second.request.seq] };
}
