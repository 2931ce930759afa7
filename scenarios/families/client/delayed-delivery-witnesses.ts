import {
  callerHangsUp,
  changesNetwork,
  fallsAsleep,
  logsIn,
  logsOut,
  losesNetwork,
  losesToken,
  on,
  opensApp,
  places,
  pushes,
  regainsNetwork,
  registrar,
  rotatesToken,
  start,
  userAnswers,
  userDeclines,
} from "../../../harness/plan/plan-parts.ts";
import type { Plan, Step } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { Witness } from "../plan-for.ts";
import { onPlatform } from "../plan-for.ts";
import type { ClientWitnesses } from "./all-client-witnesses.ts";
import { type ClientParts, clientPlan } from "./client-plan.ts";
import { reachable, refreshesOnPush, ringing } from "../../arbitraries/client/client-moments.ts";

function plan(facts: RunFacts, parts: ClientParts): Plan {
  return clientPlan("delayed-delivery", facts, parts);
}

function arrives(facts: RunFacts): readonly Step[] {
  return [pushes("phone:1", "call:1"), places("call:1", reachable(facts), 100)];
}

const connected = on("call.answered", "call:1");
const running = [{ app: "background" }] as const;

const answeredAndEnded: readonly Step[] = [
  userAnswers("phone:1", "call:1", 200, ringing()),
  callerHangsUp("call:1", connected, 500),
];

/** As late as an app must still wait for it. */
function lateInviteMs({ deadlines }: RunFacts): number {
  return Math.max(500, deadlines.inviteWaitMs.min - 800);
}

const onEach = {
  /** The app gives up in its time, neither sooner nor never. */
  noInvite: (facts) => plan(facts, { steps: [pushes("phone:1", "call:1")] }),

  /** The answer to the REGISTER that follows the push is held back: the call is shown without it. */
  registerHeldBack: (facts) =>
    plan(facts, {
      phones: [{ app: refreshesOnPush(facts.profile) ? "suspended" : "killed" }],
      steps: [
        registrar("phone:1", "hold"),
        pushes("phone:1", "call:1", start, 50),
        registrar("phone:1", "accept", on("phone.registering", "phone:1"), 1000),
        places("call:1", on("phone.registered", "phone:1"), 100),
        ...answeredAndEnded,
      ],
    }),

  duplicatePush: (facts) =>
    plan(facts, {
      steps: [
        pushes("phone:1", "call:1"),
        pushes("phone:1", "call:1", on("push.delivered", "phone:1"), 300),
        places("call:1", on("push.delivered", "phone:1", 2), 300),
        ...answeredAndEnded,
      ],
    }),

  /** The token changes while the app runs; then it sleeps, and is woken by the new one. */
  rotatedToken: (facts) =>
    plan(facts, {
      phones: running,
      steps: [
        rotatesToken("phone:1"),
        fallsAsleep("phone:1", start, facts.deadlines.appReactsMs + 300),
        pushes("phone:1", "call:1", on("app.terminated", "phone:1"), 300),
        places("call:1", { all: [on("ringing.shown", "phone:1"), on("phone.registered", "phone:1", 2)] }, 100),
        ...answeredAndEnded,
      ],
    }),

  withoutKeys: onPlatform("ios", (facts) =>
    plan(facts, { steps: [pushes("phone:1", "call:1", start, 0, { form: "no-keys" })] }),
  ),

  notAnObject: onPlatform("ios", (facts) =>
    plan(facts, { steps: [pushes("phone:1", "call:1", start, 0, { form: "not-an-object" })] }),
  ),

  /** It has a key, so the call is known; only the UUID to show it under has to be made. */
  badUUID: onPlatform("ios", (facts) =>
    plan(facts, {
      steps: [
        pushes("phone:1", "call:1", start, 0, { form: "bad-uuid" }),
        places("call:1", reachable(facts), 200),
        ...answeredAndEnded,
      ],
    }),
  ),

  /** The system asks for no report: nothing rings before the INVITE, which does. */
  notObliged: onPlatform("ios", (facts) =>
    plan(facts, {
      phones: [{ app: "foreground", settings: { osVersion: "26.4" } }],
      steps: [
        pushes("phone:1", "call:1", start, 0, { form: "not-obliged" }),
        places("call:1", on("push.delivered", "phone:1"), 1000),
        ...answeredAndEnded,
      ],
    }),
  ),

  /** No push reaches it any more, and its registration says so; the connection still brings calls. */
  voidToken: onPlatform("ios", (facts) =>
    plan(facts, {
      phones: [{ app: "foreground" }],
      steps: [
        losesToken("phone:1"),
        places("call:1", start, facts.deadlines.appReactsMs + 300),
        userAnswers("phone:1", "call:1", 300),
        callerHangsUp("call:1", connected, 500),
      ],
    }),
  ),

  /** Sent with normal priority, it waits until somebody picks the phone up. */
  normalPriorityInDoze: onPlatform("android", (facts) =>
    plan(facts, {
      phones: [{ app: "killed", android: { doze: true, deprioritised: false } }],
      steps: [
        pushes("phone:1", "call:1", start, 0, { priority: "normal" }),
        opensApp("phone:1", start, 800),
        places("call:1", { all: [on("push.delivered", "phone:1"), on("phone.registered", "phone:1")] }, 200),
        ...answeredAndEnded,
      ],
    }),
  ),

  deprioritised: onPlatform("android", (facts) =>
    plan(facts, {
      phones: [{ app: "killed", android: { doze: false, deprioritised: true } }],
      steps: [...arrives(facts), ...answeredAndEnded],
    }),
  ),
} as const satisfies Readonly<Record<string, Witness>>;

const inTurn = {
  lateInvite: (facts) =>
    plan(facts, {
      steps: [
        pushes("phone:1", "call:1"),
        places("call:1", on("push.delivered", "phone:1"), lateInviteMs(facts)),
        ...answeredAndEnded,
      ],
    }),

  /** When the app has given up: rejected, or a call of its own. */
  tooLateInvite: (facts) =>
    plan(facts, {
      steps: [
        pushes("phone:1", "call:1"),
        places("call:1", on("ringing.ended", "phone:1"), 300),
        callerHangsUp("call:1", on("call.placed", "call:1"), 1200),
      ],
    }),

  /** Another log-in of the same user; then the phone is called. */
  logsOutAndIn: (facts) =>
    plan(facts, {
      phones: [{ app: "foreground" }],
      steps: [
        logsOut("phone:1"),
        logsIn("phone:1", start, facts.deadlines.appReactsMs + 300),
        pushes("phone:1", "call:1", on("phone.registered", "phone:1"), 500),
        places("call:1", on("push.delivered", "phone:1"), 300),
        ...answeredAndEnded,
      ],
    }),

  networkComesBack: (facts) =>
    plan(facts, {
      phones: [{ app: "foreground" }],
      steps: [
        losesNetwork("phone:1"),
        regainsNetwork("phone:1", start, 600),
        pushes("phone:1", "call:1", start, facts.deadlines.appReactsMs + 900),
        places("call:1", on("push.delivered", "phone:1"), 300),
        ...answeredAndEnded,
      ],
    }),

  networkChangesWhileRinging: (facts) =>
    plan(facts, {
      steps: [
        ...arrives(facts),
        changesNetwork("phone:1", ringing(), 300),
        callerHangsUp("call:1", ringing(), facts.deadlines.appReactsMs + 600),
      ],
    }),

  /** Refused once; the app asks again by itself, or gives the call up. */
  registerRefused: (facts) =>
    plan(facts, {
      phones: [{ app: "killed" }],
      steps: [registrar("phone:1", 403), pushes("phone:1", "call:1", start, 50)],
    }),

  declinedDuplicate: (facts) =>
    plan(facts, {
      steps: [
        ...arrives(facts),
        userDeclines("phone:1", "call:1", 200, ringing()),
        pushes("phone:1", "call:1", on("call.rejected", "call:1"), 400),
      ],
    }),

  networkChanges: (facts) => plan(facts, { phones: [{ app: "foreground" }], steps: [changesNetwork("phone:1")] }),

  networkChangesWhileTalking: (facts) =>
    plan(facts, {
      steps: [
        ...arrives(facts),
        userAnswers("phone:1", "call:1", 200, ringing()),
        changesNetwork("phone:1", connected, 400),
        callerHangsUp("call:1", connected, facts.deadlines.appReactsMs + 700),
      ],
    }),

  /** Of profiles that cancel by push: no INVITE ever comes. */
  cancelledByPush: (facts) =>
    plan(facts, {
      steps: [
        pushes("phone:1", "call:1"),
        pushes("phone:1", "call:1", on("ringing.shown", "phone:1"), 400, { form: "cancel" }),
      ],
    }),
} as const satisfies Readonly<Record<string, Witness>>;

/** The push or the INVITE comes late, twice, unreadable or never; tokens, accounts and networks are no longer what they were. */
export const clientDelayedDeliveryWitnesses = { onEach, inTurn } satisfies ClientWitnesses;
