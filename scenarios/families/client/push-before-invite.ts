import * as fc from "fast-check";
import { on, places, pushes, resetsProvider, start, userAnswers } from "../../../harness/plan/plan-parts.ts";
import type { AppState, PhoneSettings } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { CallRef, Platform } from "../../../harness/trace/trace-event.ts";
import type { Steps } from "../../arbitraries/call-courses.ts";
import { together } from "../../arbitraries/call-courses.ts";
import { isCancelled, isDeclinedByUser, isTakenByUser, ringsOnPhone } from "../../arbitraries/client/client-courses.ts";
import { phoneDisturbances, repetitions, wireDisturbances } from "../../arbitraries/client/client-disturbances.ts";
import { clientDraft } from "../../arbitraries/client/client-draft.ts";
import { reachable, ringing } from "../../arbitraries/client/client-moments.ts";
import { anyClientPhone, clientPhone } from "../../arbitraries/client/client-phone.ts";
import { instantOrPause, pause } from "../../arbitraries/moments.ts";
import type { Cast } from "../../arbitraries/plan-arbitrary.ts";
import { planArbitrary } from "../../arbitraries/plan-arbitrary.ts";
import type { RolePart } from "../both-roles.ts";
import { allClientWitnesses } from "./all-client-witnesses.ts";
import { answeredAndEnded, onTheWire, shownForPush } from "./exercises.ts";
import { clientPushBeforeInviteWitnesses } from "./push-before-invite-witnesses.ts";

/** The push wakes an app, which shows the call, registers and is there when the INVITE comes. */
export const clientPushBeforeInvite: RolePart = {
  exercises: [
    ...onTheWire,
    ...shownForPush,
    ...answeredAndEnded,
    "callkit/caller-updated",
    "callkit/filtered-not-answered",
    "callkit/reset-ends-calls",
    "flow/app-calls-apart",
    "flow/app-declines",
    "flow/app-hangs-up",
    "flow/app-one-call",
    "flow/app-other-call-untouched",
    "sip/answer-repeated",
    "sip/cseq-in-dialog",
    "sip/final-acknowledged",
    "sip/options-answered",
    "sip/reinvite-answered",
    "telecom/refusal-rejects-invite",
  ],
  witnesses: (facts) => allClientWitnesses(clientPushBeforeInviteWitnesses, facts),
  arbitrary: (facts) =>
    planArbitrary("push-before-invite", facts, [
      onePhone(facts),
      calledAgain(facts),
      twoCalls(facts),
      twoPhones(facts),
      notTaken(facts, "ios", { doNotDisturb: true }, { blocksCallers: true }),
      notTaken(facts, "android", { otherCall: "unholdable" }, { manageOwnCalls: false }),
      reset(facts),
    ]),
};

const apps: readonly AppState[] = ["suspended", "killed", "background", "foreground"];

function onePhone(facts: RunFacts): Cast {
  const steps = together(
    wireDisturbances("phone:1", "call:1"),
    repetitions("phone:1", "call:1"),
    phoneDisturbances("phone:1", "call:1"),
    ringsOnPhone("phone:1", "call:1", ringing()),
    pause.map((delayMs) => [pushes("phone:1", "call:1"), places("call:1", reachable(facts), delayMs)]),
  );
  return { weight: 6, draft: clientDraft(steps, [1], facts, [anyClientPhone(facts.features, 1, apps)]) };
}

function calledAgain(facts: RunFacts): Cast {
  const over = fc.constantFrom(on("call.rejected", "call:1"), on("call.hung-up", "call:1"));
  const rings = (call: CallRef) => ({ all: [on("ringing.shown", call), on("invite.received", call)] });
  const steps = together(
    ringsOnPhone("phone:1", "call:2", rings("call:2")),
    fc
      .tuple(over, pause)
      .map(([after, delayMs]) => [
        pushes("phone:1", "call:2", after, delayMs),
        places("call:2", on("push.delivered", "call:2"), 300),
      ]),
    ringsOnPhone("phone:1", "call:1", rings("call:1")),
    fc.constant([pushes("phone:1", "call:1"), places("call:1", reachable(facts), 100)]),
  );
  return { weight: 2, draft: clientDraft(steps, [1, 1], facts, [anyClientPhone(facts.features, 1, apps)]) };
}

/** Both pushes, then both INVITEs in either order; each call ends for itself. */
function twoCalls(facts: RunFacts): Cast {
  const rings = (call: CallRef) => ({ all: [on("ringing.shown", call), on("invite.received", call)] });
  const ends = (call: CallRef): Steps =>
    fc.oneof(
      { withCrossShrink: true },
      isCancelled(call, [rings(call)], pause),
      isDeclinedByUser("phone:1", call, [rings(call)]),
    );
  const invites = fc.record({ crossed: fc.boolean(), apartMs: instantOrPause }).map(({ crossed, apartMs }) => {
    const [first, second] = crossed ? (["call:2", "call:1"] as const) : (["call:1", "call:2"] as const);
    return [places(first, on("push.delivered", "call:2"), 400), places(second, on("call.placed", first), apartMs)];
  });
  const steps = together(
    ends("call:2"),
    fc.oneof({ withCrossShrink: true }, ends("call:1"), isTakenByUser("phone:1", "call:1", [rings("call:1")])),
    invites,
    instantOrPause.map((delayMs) => [pushes("phone:1", "call:1"), pushes("phone:1", "call:2", start, delayMs)]),
  );
  return {
    weight: 3,
    when: facts.features.concurrentCalls,
    draft: clientDraft(steps, [1, 1], facts, [anyClientPhone(facts.features, 1, ["suspended", "background"])]),
  };
}

function twoPhones(facts: RunFacts): Cast {
  const steps = together(
    ringsOnPhone("phone:2", "call:2", ringing("phone:2")),
    ringsOnPhone("phone:1", "call:1", ringing("phone:1")),
    instantOrPause.map((delayMs) => [
      pushes("phone:1", "call:1"),
      pushes("phone:2", "call:2", start, delayMs),
      places("call:1", reachable(facts, "phone:1"), 50),
      places("call:2", reachable(facts, "phone:2"), 50),
    ]),
  );
  const phones = [1, 2].map((account) => anyClientPhone(facts.features, account, apps));
  return { weight: 1, draft: clientDraft(steps, [1, 2], facts, phones) };
}

/** The system takes no call of the app's: it filters the caller, or Telecom refuses. */
function notTaken(facts: RunFacts, platform: Platform, ...settings: readonly PhoneSettings[]): Cast {
  const phone = fc
    .record({ settings: fc.constantFrom(...settings), app: fc.constantFrom<AppState>("suspended", "killed") })
    .map((parts) => clientPhone(1, { platform, ...parts }));
  const steps = together(
    isCancelled("call:1", [on("call.placed", "call:1")], fc.constantFrom(800, 1500)),
    fc.constant([
      pushes("phone:1", "call:1"),
      places("call:1", { any: [on("phone.registered", "phone:1"), on("push.delivered", "phone:1")] }, 400),
    ]),
  );
  return {
    weight: 1,
    when: facts.features.platforms.includes(platform),
    draft: clientDraft(steps, [1], facts, [phone]),
  };
}

function reset(facts: RunFacts): Cast {
  const steps = together(
    isCancelled("call:1", [on("call.placed", "call:1")], fc.constant(1500)),
    pause.map((delayMs) => [resetsProvider("phone:1", ringing(), delayMs)]),
    pause.map((delayMs) => [userAnswers("phone:1", "call:1", delayMs, ringing())]),
    fc.constant([pushes("phone:1", "call:1"), places("call:1", reachable(facts), 100)]),
  );
  return {
    weight: 1,
    when: facts.features.platforms.includes("ios"),
    draft: clientDraft(steps, [1], facts, [anyClientPhone({ platforms: ["ios"] }, 1, ["suspended", "background"])]),
  };
}
