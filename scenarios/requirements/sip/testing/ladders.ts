import { traceBuilder, type TraceBuilder, type TraceSetup } from "../../../../harness/judge/testing/trace-builder.ts";

/** A builder whose phones (one, if not said otherwise) are connected: nothing but SIP has to happen. */
export function connected(setup: TraceSetup = {}): TraceBuilder {
  const ladder = traceBuilder({ phones: [{ signalling: "connected" }], ...setup, registered: false });
  for (const index of ladder.plan.phones.keys()) {
    const phone = `phone:${index + 1}` as const;
    ladder.opensFlow(phone);
    ladder.registers(phone);
  }
  return ladder;
}

/** A correct call from INVITE to BYE with a connected phone; for tests. */
export function answeredCall(setup: TraceSetup = {}): TraceBuilder {
  const ladder = connected(setup);
  ladder.callerInvites("call:1");
  ladder.callerGets("call:1", 100);
  ladder.inviteReaches("phone:1", "call:1");
  ladder.phoneSends("phone:1", "call:1", 180);
  ladder.callerGets("call:1", 180, { contact: "<sip:it@phone.invalid>" });
  ladder.phoneSends("phone:1", "call:1", 200);
  ladder.callerGets("call:1", 200, { contact: "<sip:it@phone.invalid>" });
  ladder.callerAcks("call:1");
  ladder.ackReaches("phone:1", "call:1");
  ladder.callerHangsUp("call:1");
  ladder.byeReaches("phone:1", "call:1");
  return ladder;
}

/** A correct call that the caller gives up while the phone rings; for tests. */
export function cancelledCall(setup: TraceSetup = {}): TraceBuilder {
  const ladder = connected(setup);
  ladder.callerInvites("call:1");
  ladder.callerGets("call:1", 100);
  ladder.inviteReaches("phone:1", "call:1");
  ladder.phoneSends("phone:1", "call:1", 180);
  ladder.callerGets("call:1", 180);
  ladder.callerCancels("call:1");
  ladder.callerGetsForCancel("call:1");
  ladder.cancelReaches("phone:1", "call:1");
  ladder.callerGets("call:1", 487);
  ladder.callerAcks("call:1");
  return ladder;
}

/** An empty trace: nobody sent anything. */
export function silence(setup: TraceSetup = {}): TraceBuilder {
  return traceBuilder({ registered: false, ...setup });
}

/** Takes a header field's line out of a message; for `edit`. */
export function without(name: string): (text: string) => string {
  return (text) => text.replace(new RegExp(`\r\n${name}: [^\r]*`, "u"), "");
}

/** Puts one text in the place of another; for `edit`. */
export function replaced(what: string | RegExp, by: string): (text: string) => string {
  return (text) => text.replace(what, by);
}
