import {
  answers,
  callerHangsUp,
  declines,
  deliveredAfter,
  duplicates,
  fallsAsleep,
  loses,
  on,
  phoneHangsUp,
  places,
  registersAgain,
  start,
  wakes,
} from "../../harness/plan/plan-parts.ts";
import type { Plan, Step } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { PlanParts, Witness } from "./plan-for.ts";
import { planFor, preferTransport } from "./plan-for.ts";

function plan(facts: RunFacts, parts: PlanParts): Plan {
  return planFor("invite-before-push", facts, parts);
}

/** A running app answers a push, where one comes, by refreshing its binding (RFC 8599 4.1.3); the call takes its course. */
const answeredAndEnded: readonly Step[] = [
  places("call:1"),
  wakes("phone:1"),
  answers("phone:1", "call:1"),
  callerHangsUp("call:1", on("call.answered", "call:1"), 150),
];

/** The INVITE may reach the phone before its push, without one, or beside that of another call. */
export const inviteBeforePushWitnesses = {
  connectedAnswers: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "tcp", "tls", "ws"),
      phones: [{ signalling: "connected" }],
      steps: answeredAndEnded,
    }),

  connectedOverUdp: (facts) =>
    plan(facts, { transport: "udp", phones: [{ signalling: "connected" }], steps: answeredAndEnded }),

  connectedDeclines: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "tcp", "tls", "ws"),
      phones: [{ signalling: "connected", app: "background" }],
      steps: [places("call:1"), wakes("phone:1"), declines("phone:1", "call:1", 603)],
    }),

  connectedVideo: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "tcp", "tls", "ws"),
      phones: [{ signalling: "connected" }],
      calls: [{ video: true }],
      steps: [places("call:1"), wakes("phone:1"), answers("phone:1", "call:1"), phoneHangsUp("phone:1", "call:1")],
    }),

  /** Its old contact still takes bytes and answers nothing: what is sent there before the REGISTER is seen. */
  silentOldContact: (facts) =>
    plan(facts, { transport: "udp", phones: [{ signalling: "silent" }], steps: answeredAndEnded }),

  /** The old contact is dead for long before the phone wakes: an INVITE tried there must not cost the call. */
  deadOldContact: (facts) =>
    plan(facts, {
      transport: "udp",
      phones: [{ signalling: "silent", pushes: [deliveredAfter(400)] }],
      steps: [
        places("call:1"),
        wakes("phone:1", 600),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** Nothing listens behind the old contact any more (ICMP, RST). */
  closedOldContact: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "udp"),
      phones: [{ signalling: "closed", pushes: [deliveredAfter(400)] }],
      steps: [
        places("call:1"),
        wakes("phone:1", 600),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** The network comes back before the push arrives: the phone registers by itself, and the INVITE may well be first. */
  registersBeforePush: (facts) =>
    plan(facts, {
      phones: [{ pushes: [deliveredAfter(400)] }],
      steps: [
        places("call:1"),
        wakes("phone:1", 50, on("push.accepted", "phone:1")),
        registersAgain("phone:1", on("push.delivered", "phone:1"), 50),
        answers("phone:1", "call:1", 600),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  pushDuplicated: (facts) =>
    plan(facts, {
      phones: [{ pushes: [deliveredAfter(50, 2)] }],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        wakes("phone:1", 100, on("push.delivered", "phone:1", 2)),
        answers("phone:1", "call:1", 200),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** The push of the first call arrives after that of the second. */
  pushesOutOfOrder: (facts) =>
    plan(facts, {
      phones: [{ pushes: [deliveredAfter(500), deliveredAfter(0)] }],
      calls: [{}, {}],
      steps: [
        places("call:1"),
        places("call:2", on("call.placed", "call:1"), 50),
        wakes("phone:1", 100),
        wakes("phone:1", 50, on("push.delivered", "phone:1", 2)),
        declines("phone:1", "call:1", 486, 600, on("sent.180", "call:1")),
        declines("phone:1", "call:2", 603, 200, on("sent.180", "call:2")),
      ],
    }),

  twoCallsOneAccount: (facts) =>
    plan(facts, {
      calls: [{}, {}],
      steps: [
        places("call:1"),
        places("call:2", on("call.placed", "call:1"), 50),
        wakes("phone:1", 200),
        answers("phone:1", "call:1", 100, on("sent.180", "call:1")),
        declines("phone:1", "call:2", 486, 200, on("sent.180", "call:2")),
        callerHangsUp("call:1", on("call.answered", "call:1"), 300),
      ],
    }),

  twoCallsTwoAccounts: (facts) =>
    plan(facts, {
      phones: [{ account: 1 }, { account: 2 }],
      calls: [{ callee: 1 }, { callee: 2 }],
      steps: [
        places("call:1"),
        places("call:2"),
        wakes("phone:1", 100),
        wakes("phone:2", 50),
        answers("phone:1", "call:1"),
        declines("phone:2", "call:2"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** A second call for a phone that is talking already, and awake. */
  callWaiting: (facts) =>
    plan(facts, {
      calls: [{}, {}],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1", 100, on("sent.180", "call:1")),
        places("call:2", on("call.answered", "call:1"), 100),
        wakes("phone:1", 50, on("push.delivered", "phone:1", 2)),
        declines("phone:1", "call:2", 486, 100, on("sent.180", "call:2")),
        callerHangsUp("call:1", on("call.rejected", "call:2"), 100),
        callerHangsUp("call:2", on("call.placed", "call:2"), 1500),
        callerHangsUp("call:1", on("call.placed", "call:2"), 1700),
      ],
    }),

  /** Connected until a moment before the call: its connection is gone when the INVITE comes. */
  connectedGoesAway: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "tcp", "tls", "ws"),
      phones: [{ signalling: "connected" }],
      steps: [
        fallsAsleep("phone:1", start),
        places("call:1", undefined, 200),
        wakes("phone:1"),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  halfDeadConnection: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "tcp", "tls", "ws"),
      phones: [{ signalling: "half-dead" }],
      steps: [
        places("call:1", undefined, facts.features.deadFlowDetectionMs ?? 0),
        wakes("phone:1"),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
        callerHangsUp("call:1", on("call.placed", "call:1"), 2500),
      ],
    }),

  retransmittedInviteConnected: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "udp"),
      phones: [{ signalling: "connected" }],
      steps: [duplicates({ at: "call:1", direction: "sent", method: "INVITE" }), ...answeredAndEnded],
    }),

  lostAck: (facts) =>
    plan(facts, {
      transport: "udp",
      phones: [{ signalling: "connected" }],
      steps: [
        loses({ at: "phone:1", direction: "received", method: "ACK" }),
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("ack.received", "phone:1"), 150),
        callerHangsUp("call:1", on("call.answered", "call:1"), 1500),
      ],
    }),

  /** One device is connected and rings at once, the other sleeps and joins while it rings. */
  connectedAndSleepingDevice: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "tcp", "tls", "ws"),
      phones: [{ signalling: "connected" }, {}],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        wakes("phone:2", 200),
        answers("phone:2", "call:1", 100, { all: [on("sent.180", "phone:1"), on("sent.180", "phone:2")] }),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),
} as const satisfies Readonly<Record<string, Witness>>;
