import { iosTrace } from "../../harness/judge/testing/ios-trace.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { Trace } from "../../harness/trace/trace.ts";

/** An iPhone whose app is woken for a call that is answered before the INVITE has come. */
export function sampleClientPlan(hostile = ""): Plan {
  return {
    scenario: "answer-before-connect",
    role: "client",
    transport: "tcp",
    phones: [{ platform: "ios", account: 1, app: "killed", signalling: "connected", pushes: [] }],
    calls: [{ caller: { name: `Ada Lovelace${hostile}`, number: "+493010001" }, callee: 1, video: false }],
    steps: [
      { after: { on: "case.started" }, delayMs: 0, do: { kind: "push.send", phone: "phone:1", call: "call:1" } },
      {
        after: { on: "ringing.shown", of: "phone:1" },
        delayMs: 200,
        do: { kind: "user.answer", phone: "phone:1", call: "call:1" },
      },
      { after: { on: "user.answered", of: "phone:1" }, delayMs: 800, do: { kind: "caller.call", call: "call:1" } },
    ],
  };
}

/** A trace of that plan in which the app starts media before the system has activated its audio session, with what it violates. */
export function earlyMediaTrace(hostile = ""): { readonly trace: Trace; readonly violation: readonly number[] } {
  const plan = sampleClientPlan(hostile);
  const t = iosTrace({ transport: plan.transport, phones: plan.phones, calls: plan.calls });
  t.pushed("phone:1", "call:1");
  t.reports("phone:1", "call:1", { update: { name: `Ada Lovelace${hostile}` } });
  t.returns("phone:1");
  t.completes("phone:1");
  t.registers("phone:1");
  t.wait(200);
  const answered = t.answers("phone:1", "call:1");
  const media = t.mediaStarts("phone:1", "call:1");
  t.wait(800);
  t.inviteSent("phone:1", "call:1");
  t.appSends("phone:1", "call:1", 180);
  t.appSends("phone:1", "call:1", 200);
  t.ackSent("phone:1", "call:1");
  t.fulfils("phone:1", "call:1");
  t.audioActivates("phone:1");
  return { trace: { ...t.finished(), plan }, violation: [answered.performed.seq, media.seq] };
}
