import * as fc from "fast-check";
import { duplicates, loses, on, registersAgain } from "../../harness/plan/plan-parts.ts";
import type { MessageMatch, Step } from "../../harness/plan/plan.ts";
import type { CallRef, PhoneRef } from "../../harness/trace/trace-event.ts";

/** Each is sent again by a timer of RFC 3261 17, or is not missed: losing it once changes nothing but the time. */
function losable(phone: PhoneRef, call: CallRef): readonly [MessageMatch, ...MessageMatch[]] {
  return [
    { at: phone, direction: "received", method: "INVITE" },
    { at: phone, direction: "sent", method: "INVITE", status: 180 },
    { at: phone, direction: "sent", method: "INVITE", status: 200 },
    { at: phone, direction: "sent", method: "INVITE", status: 486 },
    { at: phone, direction: "sent", method: "REGISTER" },
    { at: phone, direction: "received", method: "REGISTER", status: 200 },
    { at: phone, direction: "received", method: "CANCEL" },
    { at: phone, direction: "received", method: "ACK" },
    { at: phone, direction: "received", method: "BYE" },
    { at: phone, direction: "sent", method: "BYE" },
    { at: call, direction: "sent", method: "INVITE" },
    { at: call, direction: "received", method: "INVITE", status: 100 },
    { at: call, direction: "received", method: "INVITE", status: 180 },
    { at: call, direction: "received", method: "INVITE", status: 200 },
    { at: call, direction: "sent", method: "ACK" },
    { at: call, direction: "sent", method: "CANCEL" },
    { at: call, direction: "received", method: "CANCEL", status: 200 },
    { at: call, direction: "sent", method: "BYE" },
  ];
}

/**
 * Steps that must not change how the call goes: one message lost, the INVITE twice on the wire (both on UDP alone: a
 * stream does neither), the binding refreshed meanwhile. Mostly none.
 */
export function disturbances(phone: PhoneRef, call: CallRef): fc.Arbitrary<readonly Step[]> {
  const lost = fc.constantFrom(...losable(phone, call)).map((match) => loses(match));
  const twice = fc.constant(duplicates({ at: call, direction: "sent", method: "INVITE" }));
  const refreshed = fc
    .record({
      after: fc.constantFrom(on("sent.180", phone), on("sent.200", phone), on("call.answered", call)),
      delayMs: fc.constantFrom(0, 50),
    })
    .map(({ after, delayMs }) => registersAgain(phone, after, delayMs));
  return fc.tuple(...[lost, twice, refreshed].map(rarely)).map((steps) => steps.flat());
}

/** The step in nine plans of ten; shrinks to none. */
export function mostly(step: fc.Arbitrary<Step>): fc.Arbitrary<readonly Step[]> {
  return fc.option(
    step.map((one) => [one]),
    { nil: [], freq: 9 },
  );
}

/** The step in one plan of six; shrinks to none. */
export function rarely(step: fc.Arbitrary<Step>): fc.Arbitrary<readonly Step[]> {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 5, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: step.map((one) => [one]) },
  );
}
