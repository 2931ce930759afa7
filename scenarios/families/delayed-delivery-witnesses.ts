import {
  acceptedAfter,
  answers,
  callerHangsUp,
  declines,
  deliveredAfter,
  deliveredAtOnce,
  dropped,
  fallsAsleep,
  logsOut,
  losesNetwork,
  on,
  places,
  registersAgain,
  rotatesToken,
  start,
  wakes,
} from "../../harness/plan/plan-parts.ts";
import type { Plan, Step } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import { olderUnregistered, refusals, type AnyHandling } from "../arbitraries/refusals.ts";
import type { PlanParts, Witness } from "./plan-for.ts";
import { planFor } from "./plan-for.ts";

function plan(facts: RunFacts, parts: PlanParts): Plan {
  return planFor("delayed-delivery", facts, parts);
}

const answeredAndEnded: readonly Step[] = [
  places("call:1"),
  wakes("phone:1"),
  answers("phone:1", "call:1"),
  callerHangsUp("call:1", on("call.answered", "call:1"), 150),
];

/** Every push for the call refused, repeated ones too; the target ends the call. */
function everyPush(handling: AnyHandling): readonly AnyHandling[] {
  return Array.from({ length: 8 }, () => handling);
}

/** A first call whose push is refused and that ends soon whatever the target makes of it, then a second. */
const refusedThenCalledAgain: readonly Step[] = [
  places("call:1"),
  callerHangsUp("call:1", on("push.rejected", "phone:1"), 600),
  places("call:2", on("call.rejected", "call:1"), 100),
  callerHangsUp("call:2", on("call.placed", "call:2"), 800),
];

/** The push comes late, twice, refused or never; and tokens that are no longer what they were. */
export const delayedDeliveryWitnesses = {
  deliveredLate: (facts) => plan(facts, { phones: [{ pushes: [deliveredAfter(800)] }], steps: answeredAndEnded }),

  acceptedLate: (facts) => plan(facts, { phones: [{ pushes: [acceptedAfter(600)] }], steps: answeredAndEnded }),

  deliveredTwice: (facts) =>
    plan(facts, {
      phones: [{ pushes: [deliveredAfter(0, 2)] }],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        wakes("phone:1", 150, on("push.delivered", "phone:1", 2)),
        answers("phone:1", "call:1", 300),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** Accepted and lost: the phone never wakes, and the caller is told. */
  neverDelivered: (facts) => plan(facts, { phones: [{ pushes: everyPush(dropped) }], steps: [places("call:1")] }),

  /** Delivered, but the phone never registers. */
  neverWakes: (facts) => plan(facts, { phones: [{}], steps: [places("call:1")] }),

  neverWakesSilent: (facts) =>
    plan(facts, { transport: "udp", phones: [{ signalling: "silent" }], steps: [places("call:1")] }),

  /** The phone wakes when the target has given the call up already. */
  wakesAfterTimeOut: (facts) =>
    plan(facts, {
      steps: [places("call:1"), wakes("phone:1", 200, on("call.rejected", "call:1"))],
    }),

  wakesAfterHangUp: (facts) =>
    plan(facts, {
      phones: [{ pushes: [deliveredAfter(400)] }],
      steps: [
        places("call:1"),
        callerHangsUp("call:1", on("push.accepted", "phone:1"), 100),
        wakes("phone:1", 100, { all: [on("call.rejected", "call:1"), on("push.delivered", "phone:1")] }),
      ],
    }),

  /** Declined, and then the phone refreshes its binding: the ended call must not ring again. */
  registersAfterDecline: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        declines("phone:1", "call:1"),
        registersAgain("phone:1", on("call.rejected", "call:1"), 100),
      ],
    }),

  registersAfterHangUp: (facts) =>
    plan(facts, { steps: [...answeredAndEnded, registersAgain("phone:1", on("call.hung-up", "call:1"), 200)] }),

  refusedWith410: (facts) =>
    plan(facts, { phones: [{ pushes: everyPush(refusals.unregistered) }], steps: [places("call:1")] }),

  refusedWith429: (facts) =>
    plan(facts, { phones: [{ pushes: everyPush(refusals.tooMany) }], steps: [places("call:1")] }),

  refusedWith500: (facts) =>
    plan(facts, { phones: [{ pushes: everyPush(refusals.internal) }], steps: [places("call:1")] }),

  refusedWith503: (facts) =>
    plan(facts, { phones: [{ pushes: everyPush(refusals.unavailable) }], steps: [places("call:1")] }),

  pushReset: (facts) => plan(facts, { phones: [{ pushes: everyPush(refusals.reset) }], steps: [places("call:1")] }),

  /** Refused once; a target that asks again gets through. */
  refusedOnce: (facts) =>
    plan(facts, {
      phones: [{ pushes: [refusals.unavailable, deliveredAtOnce] }],
      steps: answeredAndEnded,
    }),

  /** Told to wait for longer than anybody calls: the push is not sent again, and the next call has one of its own. */
  quotaExceeded: (facts) =>
    plan(facts, {
      phones: [{ platform: "android", pushes: [refusals.tooMany] }],
      calls: [{}, {}],
      steps: [
        places("call:1"),
        callerHangsUp("call:1", on("push.rejected", "phone:1"), 600),
        places("call:2", on("call.rejected", "call:1"), 100),
        wakes("phone:1"),
        declines("phone:1", "call:2", 486, 100, on("sent.180", "call:2")),
        callerHangsUp("call:2", on("call.placed", "call:2"), 1500),
      ],
    }),

  /** Told to wait a moment; a target that asks again then gets through. */
  unavailableOnce: (facts) =>
    plan(facts, {
      phones: [{ platform: "android", pushes: [refusals.unavailable, deliveredAtOnce] }],
      steps: answeredAndEnded,
    }),

  unregisteredAtFcm: (facts) =>
    plan(facts, {
      phones: [{ platform: "android", pushes: [refusals.unregistered] }],
      calls: [{}, {}],
      steps: refusedThenCalledAgain,
    }),

  /** Out of reach when the push is accepted, and back while the caller still waits. */
  networkComesBack: (facts) =>
    plan(facts, {
      steps: [
        losesNetwork("phone:1"),
        places("call:1", start, 50),
        wakes("phone:1", 400, on("push.accepted", "phone:1")),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** Back when the caller has given up: what was kept for it is about a call that is over. */
  networkComesBackTooLate: (facts) =>
    plan(facts, {
      steps: [
        losesNetwork("phone:1"),
        places("call:1", start, 50),
        callerHangsUp("call:1", on("push.accepted", "phone:1"), 100),
        wakes("phone:1", 100, on("call.rejected", "call:1")),
      ],
    }),

  /** Two calls while it is out of reach: the push service may keep one push, or both. */
  twoCallsWithoutNetwork: (facts) =>
    plan(facts, {
      calls: [{}, {}],
      steps: [
        losesNetwork("phone:1"),
        places("call:1", start, 50),
        callerHangsUp("call:1", on("push.accepted", "phone:1"), 100),
        places("call:2", on("call.rejected", "call:1"), 100),
        wakes("phone:1", 200, on("push.accepted", "phone:1", 2)),
        declines("phone:1", "call:2", 486, 100, on("sent.180", "call:2")),
        callerHangsUp("call:2", on("call.placed", "call:2"), 1500),
      ],
    }),

  /** What was sent as high waits like the rest, until somebody picks the phone up. */
  deprioritisedInDoze: (facts) =>
    plan(facts, {
      phones: [{ platform: "android", android: { doze: true, deprioritised: true } }],
      steps: [
        places("call:1"),
        wakes("phone:1", 400, on("push.accepted", "phone:1")),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** The token is gone for good; the next call must not use it, and does once the phone has registered again. */
  unregisteredToken: (facts) =>
    plan(facts, {
      phones: [{ pushes: [refusals.unregistered] }],
      calls: [{}, {}],
      steps: refusedThenCalledAgain,
    }),

  /** The 410 is about a time before the registration: the token is as good as ever, and the next call uses it. */
  olderUnregistered: (facts) =>
    plan(facts, {
      phones: [{ platform: "ios", pushes: [olderUnregistered] }],
      calls: [{}, {}],
      steps: [
        places("call:1"),
        callerHangsUp("call:1", on("push.rejected", "phone:1"), 600),
        places("call:2", on("call.rejected", "call:1"), 100),
        wakes("phone:1"),
        declines("phone:1", "call:2", 486, 100, on("sent.180", "call:2")),
        callerHangsUp("call:2", on("call.placed", "call:2"), 1500),
      ],
    }),

  newTokenAfterUnregistered: (facts) =>
    plan(facts, {
      phones: [{ pushes: [refusals.unregistered] }],
      calls: [{}, {}],
      steps: [
        places("call:1"),
        callerHangsUp("call:1", on("push.rejected", "phone:1"), 600),
        rotatesToken("phone:1", on("call.rejected", "call:1"), 100),
        fallsAsleep("phone:1", on("phone.registered", "phone:1"), 100),
        places("call:2", on("phone.registered", "phone:1"), 250),
        wakes("phone:1"),
        declines("phone:1", "call:2", 486, 100, on("sent.180", "call:2")),
        callerHangsUp("call:2", on("call.placed", "call:2"), 1500),
      ],
    }),

  rotatedToken: (facts) =>
    plan(facts, {
      steps: [
        rotatesToken("phone:1"),
        fallsAsleep("phone:1", on("phone.registered", "phone:1"), 100),
        places("call:1", on("phone.registered", "phone:1"), 250),
        wakes("phone:1"),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** The wake-up REGISTER brings a new token: the held call goes on, the next call uses the new token. */
  rotatedWhileHeld: (facts) =>
    plan(facts, {
      calls: [{}, {}],
      steps: [
        places("call:1"),
        rotatesToken("phone:1", on("push.delivered", "phone:1"), 50),
        declines("phone:1", "call:1", 486, 100, on("sent.180", "call:1")),
        callerHangsUp("call:1", on("call.placed", "call:1"), 1500),
        fallsAsleep("phone:1", on("call.rejected", "call:1"), 100),
        places("call:2", on("call.rejected", "call:1"), 250),
        wakes("phone:1", 50, on("push.delivered", "phone:1", 2)),
        declines("phone:1", "call:2", 486, 100, on("sent.180", "call:2")),
        callerHangsUp("call:2", on("call.placed", "call:2"), 1500),
      ],
    }),

  loggedOut: (facts) =>
    plan(facts, {
      phones: [{ signalling: "logged-out" }],
      steps: [places("call:1"), callerHangsUp("call:1", on("call.placed", "call:1"), 800)],
    }),

  /** A call that works comes first: a target that never brings any call has not shown that it respects the log-out. */
  logsOutBeforeCall: (facts) =>
    plan(facts, {
      phones: [{ signalling: "connected" }],
      calls: [{}, {}],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 100),
        logsOut("phone:1", on("call.hung-up", "call:1"), 100),
        places("call:2", on("call.hung-up", "call:1"), 300),
        callerHangsUp("call:2", on("call.placed", "call:2"), 800),
      ],
    }),

  oneDeviceLoggedOut: (facts) =>
    plan(facts, {
      phones: [{ signalling: "logged-out" }, {}],
      steps: [
        places("call:1"),
        wakes("phone:2"),
        answers("phone:2", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  oneDeviceRefused: (facts) =>
    plan(facts, {
      phones: [{ pushes: everyPush(refusals.unregistered) }, {}],
      steps: [
        places("call:1"),
        wakes("phone:2"),
        answers("phone:2", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  oneDeviceNeverWakes: (facts) =>
    plan(facts, {
      phones: [{ pushes: everyPush(dropped) }, {}],
      steps: [
        places("call:1"),
        wakes("phone:2"),
        declines("phone:2", "call:1"),
        callerHangsUp("call:1", on("sent.rejection", "phone:2"), 600),
      ],
    }),

  expiredBinding: (facts) =>
    plan(facts, {
      phones: [{ signalling: "expired" }],
      steps: [places("call:1"), wakes("phone:1"), callerHangsUp("call:1", on("call.placed", "call:1"), 800)],
    }),
} as const satisfies Readonly<Record<string, Witness>>;
