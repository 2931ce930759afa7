import {
  callerHangsUp,
  duplicates,
  forks,
  on,
  places,
  pushes,
  start,
  userAnswers,
  userDeclines,
} from "../../../harness/plan/plan-parts.ts";
import type { AppState, Plan, Step } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { Witness } from "../plan-for.ts";
import { preferTransport } from "../plan-for.ts";
import type { ClientWitnesses } from "./all-client-witnesses.ts";
import { type ClientParts, clientPlan } from "./client-plan.ts";
import { ringing } from "../../arbitraries/client/client-moments.ts";

function plan(facts: RunFacts, parts: ClientParts): Plan {
  return clientPlan("invite-before-push", facts, parts);
}

const connected = on("call.answered", "call:1");
const shown = on("ringing.shown", "phone:1");

const answeredAndEnded: readonly Step[] = [
  userAnswers("phone:1", "call:1", 300),
  callerHangsUp("call:1", connected, 500),
];

/** The INVITE reaches a running app at once, whatever else does. */
function running(app: AppState, ...what: readonly Step[]): Witness {
  return (facts) => plan(facts, { phones: [{ app }], steps: [places("call:1"), ...what] });
}

const onEach = {
  answeredWithoutPush: running("foreground", ...answeredAndEnded),

  pushFollows: running(
    "background",
    pushes("phone:1", "call:1", shown, 200),
    userAnswers("phone:1", "call:1", 200, on("push.delivered", "phone:1")),
    callerHangsUp("call:1", connected, 500),
  ),
} as const satisfies Readonly<Record<string, Witness>>;

const inTurn = {
  /** Nothing looks at the app: what the INVITE brings must show all the same. */
  inBackgroundWithoutPush: running("background", ...answeredAndEnded),

  declinedWithoutPush: running("background", userDeclines("phone:1", "call:1", 300)),

  /** Left to ring for as long as an app may take to show it. */
  ringsAndIsCancelled: (facts) =>
    plan(facts, {
      phones: [{ app: "background" }],
      steps: [
        places("call:1"),
        callerHangsUp("call:1", on("call.placed", "call:1"), facts.deadlines.appReactsMs + 300),
      ],
    }),

  /** Both leave at once: either may be the first to reach the app. */
  pushAtSameInstant: running("background", pushes("phone:1", "call:1"), ...answeredAndEnded),

  pushFollowsAnswer: running(
    "background",
    userAnswers("phone:1", "call:1", 200),
    pushes("phone:1", "call:1", connected, 200),
    callerHangsUp("call:1", connected, 800),
  ),

  /** To the old binding, while nothing is read: the app finds both when the push wakes it. */
  inviteToSuspendedApp: running("suspended", pushes("phone:1", "call:1"), ...answeredAndEnded),

  twoCallsWithoutPush: (facts) =>
    plan(facts, {
      phones: [{ app: "foreground" }],
      calls: [{}, {}],
      steps: [
        places("call:1"),
        places("call:2", on("ringing.shown", "call:1"), 200),
        userDeclines("phone:1", "call:2", 200, on("ringing.shown", "call:2")),
        userAnswers("phone:1", "call:1", 300, on("call.rejected", "call:2")),
        callerHangsUp("call:1", connected, 500),
      ],
    }),

  pushTwice: running(
    "background",
    pushes("phone:1", "call:1", shown, 100),
    pushes("phone:1", "call:1", shown, 300),
    userAnswers("phone:1", "call:1", 200, on("push.delivered", "phone:1", 2)),
    callerHangsUp("call:1", connected, 500),
  ),

  retransmittedInvite: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "udp"),
      phones: [{ app: "foreground" }],
      steps: [
        duplicates({ at: "call:1", direction: "sent", method: "INVITE" }),
        places("call:1", start, 50),
        ...answeredAndEnded,
      ],
    }),

  /** Forked by a proxy on the way: the same request twice. */
  secondBranch: (facts) =>
    plan(facts, {
      phones: [{ app: "foreground" }],
      steps: [
        places("call:1"),
        forks("call:1", on("call.placed", "call:1"), 50),
        userAnswers("phone:1", "call:1", 500, ringing()),
        callerHangsUp("call:1", connected, 500),
      ],
    }),
} as const satisfies Readonly<Record<string, Witness>>;

/** The INVITE reaches a running app before its push, without one, or beside that of another call. */
export const clientInviteBeforePushWitnesses = { onEach, inTurn } satisfies ClientWitnesses;
