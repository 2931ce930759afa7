import {
  callerHangsUp,
  loses,
  on,
  places,
  pushes,
  userAnswers,
  userDeclines,
} from "../../../harness/plan/plan-parts.ts";
import type { AppState, CancelForm, Plan, Step } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import { onPlatform, type Witness } from "../plan-for.ts";
import type { ClientWitnesses } from "./all-client-witnesses.ts";
import { type ClientParts, clientPlan } from "./client-plan.ts";
import { reachable, ringing } from "../../arbitraries/client/client-moments.ts";

function plan(facts: RunFacts, parts: ClientParts): Plan {
  return clientPlan("caller-hangup", facts, parts);
}

function arrives(facts: RunFacts): readonly Step[] {
  return [pushes("phone:1", "call:1"), places("call:1", reachable(facts), 100)];
}

const connected = on("call.answered", "call:1");

/** Given up while it rings, with the caller's reason if there is one. */
function cancelled(form?: CancelForm, app: AppState = "suspended"): Witness {
  return (facts) =>
    plan(facts, { phones: [{ app }], steps: [...arrives(facts), callerHangsUp("call:1", ringing(), 300, form)] });
}

/** Begun and given up over the connection of a running app; then the push is delivered, for a call that is over. */
function pushOfEndedCall(...ends: readonly Step[]): Witness {
  return (facts) =>
    plan(facts, {
      phones: [{ app: "background" }],
      steps: [
        places("call:1"),
        ...ends,
        pushes("phone:1", "call:1", { any: [on("call.rejected", "call:1"), on("call.hung-up", "call:1")] }, 400),
      ],
    });
}

const shown = on("ringing.shown", "phone:1");

const onEach = {
  /** No sooner there than gone: the CANCEL leaves with the first provisional response. */
  inviteAndCancelAtOnce: (facts) =>
    plan(facts, { steps: [...arrives(facts), callerHangsUp("call:1", on("call.placed", "call:1"))] }),

  whileRinging: cancelled(),
  answeredElsewhere: cancelled("answered-elsewhere"),
  declinedElsewhere: cancelled("declined-elsewhere"),

  /** The user answers and, in the same instant, the caller gives up: whichever comes first, both ends agree on it. */
  crossingAnswer: (facts) =>
    plan(facts, {
      steps: [
        ...arrives(facts),
        userAnswers("phone:1", "call:1", 300, ringing()),
        callerHangsUp("call:1", on("user.answered", "phone:1")),
      ],
    }),

  pushAfterCancel: pushOfEndedCall(callerHangsUp("call:1", shown, 200)),

  pushAfterAnsweredElsewhere: onPlatform(
    "ios",
    pushOfEndedCall(callerHangsUp("call:1", shown, 200, "answered-elsewhere")),
  ),

  /** The caller hangs up the call that is talked on, while another rings. */
  firstEndsWhileSecondRings: (facts) =>
    plan(facts, {
      calls: [{}, {}],
      steps: [
        ...arrives(facts),
        userAnswers("phone:1", "call:1", 200, ringing()),
        pushes("phone:1", "call:2", connected, 400),
        places("call:2", on("push.delivered", "call:2"), 200),
        callerHangsUp("call:1", { all: [on("ringing.shown", "call:2"), on("invite.received", "call:2")] }, 300),
        userAnswers("phone:1", "call:2", 500, on("call.hung-up", "call:1")),
        callerHangsUp("call:2", on("call.answered", "call:2"), 500),
      ],
    }),
} as const satisfies Readonly<Record<string, Witness>>;

const inTurn = {
  whileRingingAppKilled: cancelled("plain", "killed"),
  whileRingingInForeground: cancelled("plain", "foreground"),

  /** BYE with the 2xx just there. */
  atAnswer: (facts) =>
    plan(facts, {
      steps: [...arrives(facts), userAnswers("phone:1", "call:1", 300, ringing()), callerHangsUp("call:1", connected)],
    }),

  /** Two calls ring; the first is given up, the second goes on and is answered. */
  firstOfTwoCancelled: (facts) =>
    plan(facts, {
      calls: [{}, {}],
      steps: [
        ...arrives(facts),
        pushes("phone:1", "call:2", ringing(), 200),
        places("call:2", on("push.delivered", "call:2"), 200),
        callerHangsUp("call:1", { all: [on("ringing.shown", "call:2"), on("invite.received", "call:2")] }, 300),
        userAnswers("phone:1", "call:2", 500, on("call.rejected", "call:1")),
        callerHangsUp("call:2", on("call.answered", "call:2"), 500),
      ],
    }),

  completedElsewhere: cancelled("completed-elsewhere"),
  pushAfterDecline: pushOfEndedCall(userDeclines("phone:1", "call:1", 200)),
  pushAfterHangUp: pushOfEndedCall(userAnswers("phone:1", "call:1", 200), callerHangsUp("call:1", connected, 400)),

  answeredAfterCancel: (facts) =>
    plan(facts, {
      steps: [
        ...arrives(facts),
        callerHangsUp("call:1", ringing(), 300),
        userAnswers("phone:1", "call:1", 0, on("call.cancelled", "call:1")),
      ],
    }),

  crossingDecline: (facts) =>
    plan(facts, {
      steps: [
        ...arrives(facts),
        userDeclines("phone:1", "call:1", 300, ringing()),
        callerHangsUp("call:1", on("user.declined", "phone:1")),
      ],
    }),

  lostCancel: (facts) =>
    plan(facts, {
      transport: "udp",
      steps: [
        loses({ at: "call:1", direction: "sent", method: "CANCEL" }),
        ...arrives(facts),
        callerHangsUp("call:1", ringing(), 300),
      ],
    }),

  lostRejection: (facts) =>
    plan(facts, {
      transport: "udp",
      steps: [
        loses({ at: "phone:1", direction: "sent", method: "INVITE", status: 487 }),
        ...arrives(facts),
        callerHangsUp("call:1", ringing(), 300),
      ],
    }),
} as const satisfies Readonly<Record<string, Witness>>;

/** The caller gives up in every phase of a call, and at every crossing. */
export const clientCallerHangupWitnesses = { onEach, inTurn } satisfies ClientWitnesses;
