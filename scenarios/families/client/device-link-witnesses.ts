import {
  callerHangsUp,
  changesNetwork,
  fallsAsleep,
  goesToBackground,
  isSuspended,
  logsIn,
  logsOut,
  losesNetwork,
  losesToken,
  on,
  opensApp,
  phoneHangsUp,
  places,
  pushes,
  regainsNetwork,
  resetsProvider,
  rotatesToken,
  start,
  swipesAway,
  userAnswers,
  userDeclines,
  userHolds,
} from "../../../harness/plan/plan-parts.ts";
import type { Plan, Step } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import { reachable, ringing } from "../../arbitraries/client/client-moments.ts";
import { onPlatform, type Witness } from "../plan-for.ts";
import type { ClientWitnesses } from "./all-client-witnesses.ts";
import { type ClientParts, clientPlan } from "./client-plan.ts";

function plan(facts: RunFacts, parts: ClientParts): Plan {
  return clientPlan("device-link", facts, parts);
}

const connected = on("call.answered", "call:1");

/** The app is open; nobody calls. */
function idle(...steps: readonly Step[]): Witness {
  return (facts) => plan(facts, { phones: [{ app: "foreground" }], calls: [], steps });
}

/** The app is open, and its own connection brings a call. */
function called(...steps: readonly Step[]): Witness {
  return (facts) => plan(facts, { phones: [{ app: "foreground" }], steps: [places("call:1"), ...steps] });
}

const rings = on("ringing.shown", "phone:1");
const answers = userAnswers("phone:1", "call:1", 200);

const onEach = {
  /** The set-up alone: `initialize`, `device.launch`, the token, REGISTER. */
  launches: idle(),

  tokenChanges: idle(rotatesToken("phone:1")),

  backgroundAndBack: idle(goesToBackground("phone:1"), opensApp("phone:1", start, 300)),

  /** `device.terminate`, and a launch by the user. */
  terminatedAndOpened: idle(fallsAsleep("phone:1", start), opensApp("phone:1", on("app.terminated", "phone:1"), 300)),

  logsOutAndIn: (facts) => idle(logsOut("phone:1"), logsIn("phone:1", start, facts.deadlines.appReactsMs + 200))(facts),

  networkLostAndBack: idle(losesNetwork("phone:1"), regainsNetwork("phone:1", start, 400)),

  networkChanges: idle(changesNetwork("phone:1")),

  /** The INVITE alone leads to a report or a notification; CANCEL ends it. */
  inviteRings: called(callerHangsUp("call:1", rings, 300)),

  answered: called(answers, callerHangsUp("call:1", connected, 500)),

  declined: called(userDeclines("phone:1", "call:1", 200)),

  userHangsUp: called(answers, phoneHangsUp("phone:1", "call:1", 500)),

  heldAndResumed: called(
    answers,
    userHolds("phone:1", "call:1", true, connected, 400),
    userHolds("phone:1", "call:1", false, connected, 800),
    callerHangsUp("call:1", connected, 1200),
  ),

  /** `device.suspend`, and the push wakes the app. */
  suspendedAndPushed: (facts) =>
    plan(facts, {
      phones: [{ app: "background" }],
      steps: [
        isSuspended("phone:1"),
        pushes("phone:1", "call:1", start, 300),
        places("call:1", reachable(facts), 100),
        callerHangsUp("call:1", ringing(), 300),
      ],
    }),

  /** `device.launch` for a push: token and push follow at once. */
  startedByPush: (facts) =>
    plan(facts, {
      phones: [{ app: "killed" }],
      steps: [
        pushes("phone:1", "call:1"),
        places("call:1", reachable(facts), 100),
        userAnswers("phone:1", "call:1", 200, ringing()),
        callerHangsUp("call:1", connected, 500),
      ],
    }),

  tokenBecomesVoid: onPlatform("ios", idle(losesToken("phone:1"))),

  providerResets: onPlatform("ios", called(resetsProvider("phone:1", rings, 200), callerHangsUp("call:1", rings, 800))),

  answeredThroughTelecom: onPlatform(
    "android",
    called(
      userAnswers("phone:1", "call:1", 200, rings, { through: "telecom" }),
      callerHangsUp("call:1", connected, 500),
    ),
  ),

  swipedAway: onPlatform("android", idle(swipesAway("phone:1", start))),
} as const satisfies Readonly<Record<string, Witness>>;

/** One step of the link at a time, the plainest first. */
export const deviceLinkWitnesses = { onEach, inTurn: {} } satisfies ClientWitnesses;
