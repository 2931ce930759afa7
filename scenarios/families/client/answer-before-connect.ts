import * as fc from "fast-check";
import { changes, on, phoneHangsUp, places, pushes, registrar, start } from "../../../harness/plan/plan-parts.ts";
import type { AppState, Phone, RegistrarAnswer } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { Anchors, Steps } from "../../arbitraries/call-courses.ts";
import { together } from "../../arbitraries/call-courses.ts";
import { isCancelled, isDeclinedByUser, isTakenByUser } from "../../arbitraries/client/client-courses.ts";
import { wireDisturbances } from "../../arbitraries/client/client-disturbances.ts";
import { clientDraft } from "../../arbitraries/client/client-draft.ts";
import { reachable, ringing } from "../../arbitraries/client/client-moments.ts";
import { anyClientPhone, clientPhone } from "../../arbitraries/client/client-phone.ts";
import { mostly, rarely } from "../../arbitraries/disturbances.ts";
import { instantOrPause, pause } from "../../arbitraries/moments.ts";
import type { Cast } from "../../arbitraries/plan-arbitrary.ts";
import { planArbitrary } from "../../arbitraries/plan-arbitrary.ts";
import type { RolePart } from "../both-roles.ts";
import { allClientWitnesses } from "./all-client-witnesses.ts";
import { clientAnswerBeforeConnectWitnesses } from "./answer-before-connect-witnesses.ts";
import { answeredAndEnded, onTheWire, shownForPush } from "./exercises.ts";

/** The user acts on the ringing that the push showed, before the phone is registered or the INVITE is there. */
export const clientAnswerBeforeConnect: RolePart = {
  exercises: [
    ...onTheWire,
    ...shownForPush,
    ...answeredAndEnded,
    "callkit/failed-connection",
    "flow/app-declines",
    "flow/app-gives-up",
    "flow/app-hangs-up",
    "flow/app-one-call",
    "flow/app-stops-ringing",
    "pushkit/report-not-delayed",
    "sip/cancel-answered",
  ],
  witnesses: (facts) => allClientWitnesses(clientAnswerBeforeConnectWitnesses, facts),
  arbitrary: (facts) =>
    planArbitrary("answer-before-connect", facts, [
      beforeInvite(facts),
      beforeRegister(facts),
      callerGone(facts),
      changesMind(facts),
      audioHeld(facts),
    ]),
};

const apps: readonly AppState[] = ["suspended", "killed", "background", "foreground"];
const shown: Anchors = [on("ringing.shown", "phone:1")];
const acted = { any: [on("user.answered", "phone:1"), on("user.declined", "phone:1")] };

/** As soon as the phone shows the call, or a moment later. */
const actsEarly: Steps = fc.oneof(
  { withCrossShrink: true },
  { weight: 1, arbitrary: isDeclinedByUser("phone:1", "call:1", shown, instantOrPause) },
  { weight: 3, arbitrary: isTakenByUser("phone:1", "call:1", shown, instantOrPause) },
);

/** The call may be over before its INVITE comes. */
function keyed(steps: Steps, facts: RunFacts, phone: fc.Arbitrary<Phone>): Cast["draft"] {
  return clientDraft(steps, [1], facts, [phone], { isKeyed: true });
}

/** Now and then the INVITE never comes. */
function beforeInvite(facts: RunFacts): Cast {
  const steps = together(
    wireDisturbances("phone:1", "call:1"),
    mostly(instantOrPause.map((delayMs) => places("call:1", acted, delayMs))),
    actsEarly,
    fc.constant([pushes("phone:1", "call:1")]),
  );
  return {
    weight: 4,
    draft: keyed(steps, facts, anyClientPhone(facts.features, 1, ["suspended", "background", "foreground"])),
  };
}

/** Now and then the REGISTER is never accepted, or refused once the user has acted. */
function beforeRegister(facts: RunFacts): Cast {
  const answer = fc.constantFrom<RegistrarAnswer>("hold", "silence", 503, 403);
  const steps = together(
    wireDisturbances("phone:1", "call:1"),
    actsEarly,
    mostly(
      fc
        .tuple(fc.constantFrom<RegistrarAnswer>("accept", "accept", 403), instantOrPause)
        .map(([then, delayMs]) => registrar("phone:1", then, acted, delayMs)),
    ),
    answer.map((answer) => [
      registrar("phone:1", answer),
      pushes("phone:1", "call:1", start, 50),
      places("call:1", on("phone.registered", "phone:1"), 100),
    ]),
  );
  return { weight: 3, draft: keyed(steps, facts, anyClientPhone(facts.features, 1, ["killed"])) };
}

/** Answered early, but the caller gives up before or just as the call could connect. */
function callerGone(facts: RunFacts): Cast {
  const steps = together(
    isCancelled("call:1", [on("call.placed", "call:1"), on("call.trying", "call:1"), on("sent.200", "phone:1")]),
    actsEarly,
    fc
      .oneof({ withCrossShrink: true }, fc.constant(acted), fc.constant(reachable(facts)))
      .map((after) => [pushes("phone:1", "call:1"), places("call:1", after, 50)]),
  );
  return { weight: 2, draft: keyed(steps, facts, anyClientPhone(facts.features, 1, apps)) };
}

/** The user answers, and hangs up before the call has connected. */
function changesMind(facts: RunFacts): Cast {
  const steps = together(
    isCancelled("call:1", [on("call.placed", "call:1")], fc.constant(1500)),
    instantOrPause.map((delayMs) => [phoneHangsUp("phone:1", "call:1", delayMs, on("user.answered", "phone:1"))]),
    isTakenByUser("phone:1", "call:1", shown, instantOrPause),
    pause.map((delayMs) => [pushes("phone:1", "call:1"), places("call:1", on("user.answered", "phone:1"), delayMs)]),
  );
  return {
    weight: 1,
    draft: keyed(steps, facts, anyClientPhone(facts.features, 1, ["suspended", "background"])),
  };
}

/** Something else holds the audio session for a while, or for good. */
function audioHeld(facts: RunFacts): Cast {
  const steps = together(
    rarely(pause.map((delayMs) => changes("phone:1", { audioHeld: false }, on("call.answered", "call:1"), delayMs))),
    isTakenByUser("phone:1", "call:1", [ringing(), ...shown]),
    pause.map((delayMs) => [pushes("phone:1", "call:1"), places("call:1", reachable(facts), delayMs)]),
  );
  const phone = fc
    .constantFrom<AppState>("suspended", "killed")
    .map((app) => clientPhone(1, { platform: "ios", app, settings: { audioHeld: true } }));
  return {
    weight: 1,
    when: facts.features.platforms.includes("ios"),
    draft: keyed(steps, facts, phone),
  };
}
