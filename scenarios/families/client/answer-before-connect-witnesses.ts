import {
  callerHangsUp,
  changes,
  on,
  phoneHangsUp,
  places,
  pushes,
  registrar,
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
import { reachable, ringing } from "../../arbitraries/client/client-moments.ts";

function plan(facts: RunFacts, parts: ClientParts): Plan {
  return clientPlan("answer-before-connect", facts, parts);
}

const connected = on("call.answered", "call:1");
const answersEarly = userAnswers("phone:1", "call:1", 50);

/** The app starts for the push, and the registrar holds its answer back until after the user has acted. */
const registerHeldBack: readonly Step[] = [
  registrar("phone:1", "hold"),
  pushes("phone:1", "call:1", start, 50),
  registrar("phone:1", "accept", { any: [on("user.answered", "phone:1"), on("user.declined", "phone:1")] }, 800),
  places("call:1", on("phone.registered", "phone:1"), 300),
];

/** Registered at once, and the INVITE comes when the user has long acted. */
const inviteHeldBack: readonly Step[] = [
  pushes("phone:1", "call:1"),
  places("call:1", { any: [on("user.answered", "phone:1"), on("user.declined", "phone:1")] }, 800),
];

const onEach = {
  answersBeforeRegister: (facts) =>
    plan(facts, {
      phones: [{ app: "killed" }],
      steps: [...registerHeldBack, answersEarly, callerHangsUp("call:1", connected, 500)],
    }),

  answersBeforeInvite: (facts) =>
    plan(facts, { steps: [...inviteHeldBack, answersEarly, callerHangsUp("call:1", connected, 500)] }),

  /** Answered, and no INVITE ever: the connection has failed. */
  answersAndNoInvite: (facts) => plan(facts, { steps: [pushes("phone:1", "call:1"), answersEarly] }),

  answersAndRegisterIsRefused: onPlatform("ios", (facts) =>
    plan(facts, {
      phones: [{ app: "killed" }],
      steps: [
        registrar("phone:1", "hold"),
        pushes("phone:1", "call:1", start, 50),
        answersEarly,
        registrar("phone:1", 403, on("user.answered", "phone:1"), 300),
      ],
    }),
  ),

  declinesBeforeInvite: (facts) =>
    plan(facts, {
      steps: [
        ...inviteHeldBack,
        userDeclines("phone:1", "call:1", 50),
        callerHangsUp("call:1", on("call.placed", "call:1"), facts.deadlines.appReactsMs + 300),
      ],
    }),

  /** Something else holds the audio session; media waits for it. */
  audioComesLate: onPlatform("ios", (facts) =>
    plan(facts, {
      phones: [{ settings: { audioHeld: true } }],
      steps: [
        pushes("phone:1", "call:1"),
        places("call:1", reachable(facts), 100),
        userAnswers("phone:1", "call:1", 200, ringing()),
        changes("phone:1", { audioHeld: false }, connected, 800),
        callerHangsUp("call:1", connected, 1500),
      ],
    }),
  ),

  /** Through the notification and the system's screen at once: one answer. */
  answersTwice: onPlatform("android", (facts) =>
    plan(facts, {
      steps: [
        pushes("phone:1", "call:1"),
        places("call:1", reachable(facts), 100),
        userAnswers("phone:1", "call:1", 300, ringing(), { through: "notification" }),
        userAnswers("phone:1", "call:1", 0, on("user.answered", "phone:1"), { through: "telecom" }),
        callerHangsUp("call:1", connected, 600),
      ],
    }),
  ),
} as const satisfies Readonly<Record<string, Witness>>;

const inTurn = {
  declinesBeforeRegister: (facts) =>
    plan(facts, {
      phones: [{ app: "killed" }],
      steps: [
        ...registerHeldBack,
        userDeclines("phone:1", "call:1", 50),
        callerHangsUp("call:1", on("call.placed", "call:1"), facts.deadlines.appReactsMs + 300),
      ],
    }),

  /** Answered long ago; the INVITE comes and is taken back at once. */
  answersAndIsCancelled: (facts) =>
    plan(facts, {
      steps: [...inviteHeldBack, answersEarly, callerHangsUp("call:1", on("call.placed", "call:1"))],
    }),

  /** The user answers, and changes their mind while the call still connects. */
  hangsUpBeforeInvite: (facts) =>
    plan(facts, {
      steps: [
        pushes("phone:1", "call:1"),
        answersEarly,
        phoneHangsUp("phone:1", "call:1", 300, on("user.answered", "phone:1")),
        places("call:1", on("user.answered", "phone:1"), 900),
        callerHangsUp("call:1", on("call.placed", "call:1"), facts.deadlines.appReactsMs + 300),
      ],
    }),

  answersAndRegisterIsSilenced: (facts) =>
    plan(facts, {
      phones: [{ app: "killed" }],
      steps: [registrar("phone:1", "silence"), pushes("phone:1", "call:1", start, 50), answersEarly],
    }),

  declinesAndNoInvite: (facts) =>
    plan(facts, { steps: [pushes("phone:1", "call:1"), userDeclines("phone:1", "call:1", 50)] }),

  /** Everything at once: the push, the answer and the INVITE in one round trip. */
  answersAsInviteComes: (facts) =>
    plan(facts, {
      steps: [
        pushes("phone:1", "call:1"),
        places("call:1", on("user.answered", "phone:1")),
        answersEarly,
        callerHangsUp("call:1", connected, 500),
      ],
    }),
} as const satisfies Readonly<Record<string, Witness>>;

/** The user acts on the ringing that the push showed, before the phone is registered or the INVITE is there. */
export const clientAnswerBeforeConnectWitnesses = { onEach, inTurn } satisfies ClientWitnesses;
