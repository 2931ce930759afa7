import {
  asksOptions,
  callerHangsUp,
  loses,
  on,
  phoneHangsUp,
  places,
  pushes,
  reinvites,
  resetsProvider,
  start,
  swipesAway,
  userAnswers,
  userDeclines,
  userHolds,
} from "../../../harness/plan/plan-parts.ts";
import type { AppState, Plan, Step } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { Witness } from "../plan-for.ts";
import { onPlatform, preferTransport } from "../plan-for.ts";
import type { ClientWitnesses } from "./all-client-witnesses.ts";
import { type ClientParts, clientPlan } from "./client-plan.ts";
import { reachable, ringing } from "../../arbitraries/client/client-moments.ts";

function plan(facts: RunFacts, parts: ClientParts): Plan {
  return clientPlan("push-before-invite", facts, parts);
}

/** The push comes, the app registers, the INVITE comes. */
function arrives(facts: RunFacts): readonly Step[] {
  return [pushes("phone:1", "call:1"), places("call:1", reachable(facts), 100)];
}

const connected = on("call.answered", "call:1");

/** Answered while it rings, and hung up once media had time to start. */
const answeredAndEnded: readonly Step[] = [
  userAnswers("phone:1", "call:1", 200, ringing()),
  callerHangsUp("call:1", connected, 500),
];

function ordinary(facts: RunFacts): readonly Step[] {
  return [...arrives(facts), ...answeredAndEnded];
}

function answeredFrom(app: AppState): Witness {
  return (facts) => plan(facts, { phones: [{ app }], steps: ordinary(facts) });
}

/** The first call is talked on when the second comes, by push and INVITE; the app runs, so nothing waits for a REGISTER. */
function secondCall(facts: RunFacts, ...what: readonly Step[]): Plan {
  return plan(facts, {
    calls: [{}, {}],
    steps: [
      ...arrives(facts),
      userAnswers("phone:1", "call:1", 200, ringing()),
      pushes("phone:1", "call:2", connected, 500),
      places("call:2", on("push.delivered", "call:2"), 200),
      ...what,
    ],
  });
}

const firstRings = { all: [on("ringing.shown", "call:1"), on("invite.received", "call:1")] };
const secondRings = { all: [on("ringing.shown", "call:2"), on("invite.received", "call:2")] };

/** The app is told that no call can be shown, and must not act as if one were. */
function filtered(settings: "doNotDisturb" | "blocksCallers"): Witness {
  return (facts) =>
    plan(facts, {
      phones: [{ platform: "ios", settings: { [settings]: true } }],
      steps: [
        pushes("phone:1", "call:1"),
        places("call:1", on("push.delivered", "phone:1"), 500),
        callerHangsUp("call:1", on("call.placed", "call:1"), 1200),
      ],
    });
}

/** Telecom takes no call of the app's; what it has shown by itself must go. */
function refusedByTelecom(settings: NonNullable<ClientParts["phones"]>[number]["settings"] & object): Witness {
  return (facts) =>
    plan(facts, {
      phones: [{ platform: "android", settings }],
      steps: [
        pushes("phone:1", "call:1"),
        places("call:1", on("push.delivered", "phone:1"), 500),
        callerHangsUp("call:1", on("call.placed", "call:1"), facts.deadlines.appReactsMs + 300),
      ],
    });
}

const onEach = {
  answered: answeredFrom("suspended"),
  answeredAppKilled: answeredFrom("killed"),

  /** Long enough after the answer to tell an app that never starts its media from one that is slow. */
  answeredAndWatched: (facts) =>
    plan(facts, {
      steps: [
        ...arrives(facts),
        userAnswers("phone:1", "call:1", 200, ringing()),
        callerHangsUp("call:1", connected, facts.deadlines.appReactsMs + 500),
      ],
    }),

  answeredVideo: (facts) => plan(facts, { calls: [{ video: true }], steps: ordinary(facts) }),

  declined: (facts) => plan(facts, { steps: [...arrives(facts), userDeclines("phone:1", "call:1", 200, ringing())] }),

  /** Push A, push B, INVITE B, INVITE A: only the keys tell which belongs to which, and A is answered. */
  crossedCalls: (facts) =>
    plan(facts, {
      calls: [{}, {}],
      steps: [
        pushes("phone:1", "call:1"),
        pushes("phone:1", "call:2", on("push.delivered", "call:1"), 50),
        places("call:2", on("push.delivered", "call:2"), 500),
        places("call:1", on("call.placed", "call:2"), 100),
        userAnswers("phone:1", "call:1", 300, firstRings),
        callerHangsUp("call:2", connected, 500),
        callerHangsUp("call:1", connected, 800),
      ],
    }),

  /** Nobody named in the push: the INVITE tells. */
  noCaller: (facts) =>
    plan(facts, {
      phones: [{ platform: "ios" }],
      steps: [
        pushes("phone:1", "call:1", start, 0, { form: "no-caller" }),
        places("call:1", reachable(facts), 300),
        userAnswers("phone:1", "call:1", 400, ringing()),
        callerHangsUp("call:1", on("call.placed", "call:1"), facts.deadlines.appReactsMs + 300),
      ],
    }),

  secondCallEndsFirst: onPlatform("ios", (facts) =>
    secondCall(
      facts,
      userAnswers("phone:1", "call:2", 300, secondRings, { others: "end" }),
      callerHangsUp("call:2", on("call.answered", "call:2"), 600),
      // An app that kept the first call is not waited for.
      callerHangsUp("call:1", on("call.hung-up", "call:2"), 300),
    ),
  ),

  secondCallHoldsFirst: onPlatform("ios", (facts) =>
    secondCall(
      facts,
      userAnswers("phone:1", "call:2", 300, secondRings, { others: "hold" }),
      callerHangsUp("call:2", on("call.answered", "call:2"), 600),
      userHolds("phone:1", "call:1", false, on("call.hung-up", "call:2"), 200),
      callerHangsUp("call:1", on("call.hung-up", "call:2"), 700),
    ),
  ),

  doNotDisturb: filtered("doNotDisturb"),
  blockedCaller: filtered("blocksCallers"),

  resetWhileTalking: (facts) =>
    plan(facts, {
      phones: [{ platform: "ios" }],
      steps: [
        ...arrives(facts),
        userAnswers("phone:1", "call:1", 200, ringing()),
        resetsProvider("phone:1", connected, 500),
        callerHangsUp("call:1", connected, facts.deadlines.appReactsMs + 800),
      ],
    }),

  /** Through a headset, a watch or the system's screen instead of the app's notification. */
  answeredThroughTelecom: (facts) =>
    plan(facts, {
      phones: [{ platform: "android" }],
      steps: [
        ...arrives(facts),
        userAnswers("phone:1", "call:1", 200, ringing(), { through: "telecom" }),
        callerHangsUp("call:1", connected, 500),
      ],
    }),

  declinedThroughTelecom: (facts) =>
    plan(facts, {
      phones: [{ platform: "android" }],
      steps: [...arrives(facts), userDeclines("phone:1", "call:1", 200, ringing(), "telecom")],
    }),

  secondCallAnswered: onPlatform("android", (facts) =>
    secondCall(
      facts,
      userAnswers("phone:1", "call:2", 300, secondRings),
      callerHangsUp("call:2", on("call.answered", "call:2"), 600),
      callerHangsUp("call:1", on("call.hung-up", "call:2"), 300),
    ),
  ),

  unholdableCallElsewhere: refusedByTelecom({ otherCall: "unholdable" }),
  noCallsOfItsOwn: refusedByTelecom({ manageOwnCalls: false }),

  fullScreenDenied: (facts) =>
    plan(facts, {
      phones: [{ platform: "android", settings: { fullScreenIntent: false } }],
      steps: ordinary(facts),
    }),

  /** Idle for long; what is sent as high is delivered at once. */
  dozing: (facts) =>
    plan(facts, {
      phones: [{ platform: "android", app: "killed", android: { doze: true, deprioritised: false } }],
      steps: ordinary(facts),
    }),

  swipedAwayWhileTalking: (facts) =>
    plan(facts, {
      phones: [{ platform: "android", app: "foreground" }],
      steps: [
        ...arrives(facts),
        userAnswers("phone:1", "call:1", 200, ringing()),
        swipesAway("phone:1", connected, 400),
        callerHangsUp("call:1", connected, 1000),
      ],
    }),
} as const satisfies Readonly<Record<string, Witness>>;

const inTurn = {
  answeredInBackground: answeredFrom("background"),
  answeredInForeground: answeredFrom("foreground"),

  userHangsUp: (facts) =>
    plan(facts, {
      steps: [
        ...arrives(facts),
        userAnswers("phone:1", "call:1", 200, ringing()),
        phoneHangsUp("phone:1", "call:1", 500),
      ],
    }),

  /** A second call once the first is over: whatever the first left behind is in its way. */
  calledAgain: (facts) =>
    plan(facts, {
      calls: [{}, {}],
      steps: [
        ...ordinary(facts),
        pushes("phone:1", "call:2", on("call.hung-up", "call:1"), 500),
        places("call:2", on("push.delivered", "call:2"), 300),
        userAnswers("phone:1", "call:2", 200, secondRings),
        callerHangsUp("call:2", on("call.answered", "call:2"), 500),
      ],
    }),

  secondCallDeclined: (facts) =>
    secondCall(
      facts,
      userDeclines("phone:1", "call:2", 300, secondRings),
      callerHangsUp("call:1", on("call.rejected", "call:2"), 500),
    ),

  hostileCaller: (facts) =>
    plan(facts, {
      calls: [
        { caller: { name: 'Robert "; DROP\\ <sip:mallory@evil.invalid> %s "><script>', number: "o'neil;x=1?a=b&c" } },
      ],
      steps: ordinary(facts),
    }),

  foreignCaller: (facts) =>
    plan(facts, { calls: [{ caller: { name: "Žofie 李小龍 ☎️", number: "*31*%23" } }], steps: ordinary(facts) }),

  delayedOffer: (facts) => plan(facts, { calls: [{ invite: { delayedOffer: true } }], steps: ordinary(facts) }),
  reliableProvisionals: (facts) => plan(facts, { calls: [{ invite: { reliable: true } }], steps: ordinary(facts) }),
  withoutKey: (facts) => plan(facts, { calls: [{ invite: { withoutKey: true } }], steps: ordinary(facts) }),

  /** The 2xx is sent again until an ACK is there. */
  lostAcks: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "udp"),
      steps: [
        loses({ at: "phone:1", direction: "received", method: "ACK" }, start, 2),
        ...arrives(facts),
        userAnswers("phone:1", "call:1", 200, ringing()),
        callerHangsUp("call:1", connected, 2500),
      ],
    }),

  lostRegister: (facts) =>
    plan(facts, {
      transport: "udp",
      steps: [loses({ at: "phone:1", direction: "sent", method: "REGISTER" }), ...ordinary(facts)],
    }),

  /** Asked what it can, held, and taken back. */
  optionsAndReinvites: (facts) =>
    plan(facts, {
      steps: [
        ...arrives(facts),
        userAnswers("phone:1", "call:1", 200, ringing()),
        asksOptions("call:1", connected, 300),
        reinvites("call:1", true, connected, 600),
        reinvites("call:1", false, connected, 1000),
        callerHangsUp("call:1", connected, 1000 + facts.deadlines.appReactsMs + 300),
      ],
    }),

  /** Two phones of one app at the same time: what is of one must not be of the other. */
  twoPhones: (facts) =>
    plan(facts, {
      phones: [{}, {}],
      calls: [{}, { callee: 2 }],
      steps: [
        pushes("phone:1", "call:1"),
        pushes("phone:2", "call:2"),
        places("call:1", reachable(facts, "phone:1"), 100),
        places("call:2", reachable(facts, "phone:2"), 100),
        userAnswers("phone:1", "call:1", 200, ringing("phone:1")),
        userDeclines("phone:2", "call:2", 200, ringing("phone:2")),
        callerHangsUp("call:1", connected, 500),
      ],
    }),
} as const satisfies Readonly<Record<string, Witness>>;

/** The push wakes an app, which shows the call, registers and is there when the INVITE comes. */
export const clientPushBeforeInviteWitnesses = { onEach, inTurn } satisfies ClientWitnesses;
