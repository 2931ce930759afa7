import {
  answers,
  callerHangsUp,
  declines,
  deliveredAfter,
  on,
  phoneHangsUp,
  places,
  wakes,
} from "../../harness/plan/plan-parts.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { PlanParts, Witness } from "./plan-for.ts";
import { planFor, preferTransport } from "./plan-for.ts";

function plan(facts: RunFacts, parts: PlanParts): Plan {
  return planFor("answer-before-connect", facts, parts);
}

/** The push started the app and the phone shows the call; it registers only later. */
const shown = on("ringing.shown", "phone:1");

/** The user acts on the ringing that the push showed, before the phone is registered or the INVITE is there. */
export const answerBeforeConnectWitnesses = {
  beforeRegister: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1", 200),
        answers("phone:1", "call:1", 50, shown),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** Answered while the REGISTER is on its way: the INVITE is met by a 200 at once. */
  betweenRegisterAndInvite: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1", 0, on("phone.registering", "phone:1")),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  asInviteArrives: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1", 0, on("invite.received", "phone:1")),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  phoneHangsUp: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1", 200),
        answers("phone:1", "call:1", 50, shown),
        phoneHangsUp("phone:1", "call:1"),
      ],
    }),

  /** Hangs up the moment the caller is connected: BYE close behind the ACK. */
  phoneHangsUpAtOnce: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1", 200),
        answers("phone:1", "call:1", 50, shown),
        phoneHangsUp("phone:1", "call:1", 0, on("ack.received", "phone:1")),
        callerHangsUp("call:1", on("call.answered", "call:1"), 600),
      ],
    }),

  bothHangUp: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1", 0, on("phone.registering", "phone:1")),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
        phoneHangsUp("phone:1", "call:1", 0, on("call.hung-up", "call:1")),
      ],
    }),

  video: (facts) =>
    plan(facts, {
      calls: [{ video: true }],
      steps: [
        places("call:1"),
        wakes("phone:1", 200),
        answers("phone:1", "call:1", 50, shown),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  declinesBeforeRegister: (facts) =>
    plan(facts, {
      steps: [places("call:1"), wakes("phone:1", 200), declines("phone:1", "call:1", 486, 50, shown)],
    }),

  declinesBetweenRegisterAndInvite: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        declines("phone:1", "call:1", 603, 0, on("phone.registering", "phone:1")),
      ],
    }),

  /** Answered, and in the same instant the caller gives up: the phone registers for a call that is gone. */
  callerHangsUpBeforeRegister: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1", 300),
        answers("phone:1", "call:1", 50, shown),
        callerHangsUp("call:1", on("user.answered", "phone:1")),
      ],
    }),

  callerHangsUpAsPhoneRegisters: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1", 200),
        answers("phone:1", "call:1", 50, shown),
        callerHangsUp("call:1", on("phone.registering", "phone:1")),
      ],
    }),

  slowColdStart: (facts) =>
    plan(facts, {
      phones: [{ app: "killed", pushes: [deliveredAfter(100)] }],
      steps: [
        places("call:1"),
        wakes("phone:1", 800),
        answers("phone:1", "call:1", 50, shown),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  silentOldContact: (facts) =>
    plan(facts, {
      transport: "udp",
      phones: [{ signalling: "silent" }],
      steps: [
        places("call:1"),
        wakes("phone:1", 300),
        answers("phone:1", "call:1", 50, shown),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** The first device answers before it is registered, while the second rings. */
  oneAnswersWhileOtherRings: (facts) =>
    plan(facts, {
      phones: [{}, {}],
      steps: [
        places("call:1"),
        wakes("phone:2"),
        wakes("phone:1", 50, on("sent.180", "phone:2")),
        answers("phone:1", "call:1", 0, on("phone.registering", "phone:1")),
        callerHangsUp("call:1", on("call.answered", "call:1"), 200),
      ],
    }),

  /** The second device wakes when the first is already talking. */
  otherWakesAfterAnswer: (facts) =>
    plan(facts, {
      phones: [{}, {}],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1", 0, on("phone.registering", "phone:1")),
        wakes("phone:2", 100, { all: [on("call.answered", "call:1"), on("push.delivered", "phone:2")] }),
        callerHangsUp("call:1", on("call.answered", "call:1"), 600),
      ],
    }),

  /** Both users answer in the same instant: the first 2xx wins, the second crosses the CANCEL. */
  bothAnswer: (facts) =>
    plan(facts, {
      phones: [{}, {}],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        wakes("phone:2"),
        answers("phone:1", "call:1", 100, { all: [on("sent.180", "phone:1"), on("sent.180", "phone:2")] }),
        answers("phone:2", "call:1", 0, on("sent.200", "phone:1")),
        callerHangsUp("call:1", on("call.answered", "call:1"), 400),
      ],
    }),

  oneDeclinesOtherAnswers: (facts) =>
    plan(facts, {
      phones: [{}, {}],
      steps: [
        places("call:1"),
        wakes("phone:1", 150),
        wakes("phone:2"),
        declines("phone:1", "call:1", 486, 50, shown),
        answers("phone:2", "call:1", 100, { all: [on("sent.rejection", "phone:1"), on("sent.180", "phone:2")] }),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  bothDecline: (facts) =>
    plan(facts, {
      phones: [{}, {}],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        wakes("phone:2"),
        declines("phone:1", "call:1", 486, 100),
        declines("phone:2", "call:1", 486, 200),
      ],
    }),

  /** Connected, so no push need come: answered the moment the INVITE is there. */
  connectedAnswersAtOnce: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "tcp", "tls", "ws"),
      phones: [{ signalling: "connected" }],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1", 0, on("invite.received", "phone:1")),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),
} as const satisfies Readonly<Record<string, Witness>>;
