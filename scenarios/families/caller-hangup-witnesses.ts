import {
  answers,
  callerHangsUp,
  declines,
  deliveredAfter,
  loses,
  on,
  places,
  wakes,
} from "../../harness/plan/plan-parts.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { PlanParts, Witness } from "./plan-for.ts";
import { planFor } from "./plan-for.ts";

function plan(facts: RunFacts, parts: PlanParts): Plan {
  return planFor("caller-hangup", facts, parts);
}

/** The caller gives up in every phase of a call, and at every crossing. */
export const callerHangupWitnesses = {
  /** At once: before a push can have been asked for. What is pushed all the same wakes the phone. */
  beforePush: (facts) =>
    plan(facts, { steps: [places("call:1"), callerHangsUp("call:1", on("call.placed", "call:1")), wakes("phone:1")] }),

  whilePushTravels: (facts) =>
    plan(facts, {
      phones: [{ pushes: [deliveredAfter(400)] }],
      steps: [places("call:1"), callerHangsUp("call:1", on("push.accepted", "phone:1"), 50), wakes("phone:1")],
    }),

  /** The call is held and the phone wakes only after it was cancelled: nothing may ring there. */
  whileHeld: (facts) =>
    plan(facts, {
      steps: [places("call:1"), callerHangsUp("call:1", on("push.delivered", "phone:1"), 100), wakes("phone:1", 400)],
    }),

  whileHeldSilentPhone: (facts) =>
    plan(facts, {
      transport: "udp",
      phones: [{ signalling: "silent" }],
      steps: [places("call:1"), callerHangsUp("call:1", on("push.delivered", "phone:1"), 100), wakes("phone:1", 400)],
    }),

  crossingRegister: (facts) =>
    plan(facts, {
      steps: [places("call:1"), wakes("phone:1"), callerHangsUp("call:1", on("phone.registering", "phone:1"))],
    }),

  afterRegistered: (facts) =>
    plan(facts, {
      steps: [places("call:1"), wakes("phone:1"), callerHangsUp("call:1", on("phone.registered", "phone:1"))],
    }),

  crossingInvite: (facts) =>
    plan(facts, {
      steps: [places("call:1"), wakes("phone:1"), callerHangsUp("call:1", on("invite.received", "phone:1"))],
    }),

  whileRinging: (facts) =>
    plan(facts, {
      steps: [places("call:1"), wakes("phone:1"), callerHangsUp("call:1", on("sent.180", "phone:1"), 200)],
    }),

  whileRingingOverUdp: (facts) =>
    plan(facts, {
      transport: "udp",
      steps: [places("call:1"), wakes("phone:1"), callerHangsUp("call:1", on("sent.180", "phone:1"), 200)],
    }),

  connectedPhone: (facts) =>
    plan(facts, {
      transport: "tcp",
      phones: [{ signalling: "connected" }],
      steps: [places("call:1"), wakes("phone:1"), callerHangsUp("call:1", on("sent.180", "phone:1"), 200)],
    }),

  /** The user answers in the same instant: the phone's 200 has left when the caller's CANCEL leaves. */
  crossingAnswer: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("sent.200", "phone:1")),
      ],
    }),

  crossingDecline: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        declines("phone:1", "call:1"),
        callerHangsUp("call:1", on("sent.rejection", "phone:1")),
      ],
    }),

  /** The user answers when the CANCEL has just left: it may reach the phone before or after. */
  answeredAfterCancel: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        callerHangsUp("call:1", on("sent.180", "phone:1"), 100),
        answers("phone:1", "call:1", 0, on("call.cancelled", "call:1")),
      ],
    }),

  atAnswer: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1")),
      ],
    }),

  afterAnswer: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 300),
      ],
    }),

  lostCancel: (facts) =>
    plan(facts, {
      transport: "udp",
      steps: [
        loses({ at: "phone:1", direction: "received", method: "CANCEL" }),
        places("call:1"),
        wakes("phone:1"),
        callerHangsUp("call:1", on("sent.180", "phone:1"), 200),
      ],
    }),

  twoDevicesRing: (facts) =>
    plan(facts, {
      phones: [{}, {}],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        wakes("phone:2", 100),
        callerHangsUp("call:1", { all: [on("sent.180", "phone:1"), on("sent.180", "phone:2")] }, 150),
      ],
    }),

  /** One of two devices rings, the other registers only after the caller gave up. */
  secondDeviceWakesLate: (facts) =>
    plan(facts, {
      phones: [{}, {}],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        callerHangsUp("call:1", on("sent.180", "phone:1"), 100),
        wakes("phone:2", 200, { all: [on("call.rejected", "call:1"), on("push.delivered", "phone:2")] }),
      ],
    }),

  /** Two calls ring on one phone, one caller gives up: the other goes on and is answered. */
  oneOfTwoCalls: (facts) =>
    plan(facts, {
      calls: [{}, {}],
      steps: [
        places("call:1"),
        places("call:2", on("call.placed", "call:1"), 50),
        wakes("phone:1", 200),
        callerHangsUp("call:1", { all: [on("sent.180", "call:1"), on("sent.180", "call:2")] }, 100),
        answers("phone:1", "call:2", 100, on("call.rejected", "call:1")),
        callerHangsUp("call:2", on("call.answered", "call:2"), 150),
      ],
    }),

  /** Calls again straight away: the second call is a call of its own, with its own push where the phone sleeps. */
  callsAgain: (facts) =>
    plan(facts, {
      calls: [{}, {}],
      steps: [
        places("call:1"),
        callerHangsUp("call:1", on("push.delivered", "phone:1"), 50),
        places("call:2", on("call.rejected", "call:1"), 50),
        wakes("phone:1", 50, on("push.delivered", "phone:1", 2)),
        declines("phone:1", "call:2", 486, 100, on("sent.180", "call:2")),
        // A target that refused the second call, or never woke the phone for it, is not waited for.
        callerHangsUp("call:2", on("call.placed", "call:2"), 1500),
      ],
    }),
} as const satisfies Readonly<Record<string, Witness>>;
