import * as fc from "fast-check";
import { on, places, pushes, start, userAnswers, userDeclines } from "../../../harness/plan/plan-parts.ts";
import type { AppState } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { CallRef } from "../../../harness/trace/trace-event.ts";
import type { Anchors, Steps } from "../../arbitraries/call-courses.ts";
import { together } from "../../arbitraries/call-courses.ts";
import { isCancelled, isDeclinedByUser, isTakenByUser } from "../../arbitraries/client/client-courses.ts";
import { phoneDisturbances, wireDisturbances } from "../../arbitraries/client/client-disturbances.ts";
import { clientDraft } from "../../arbitraries/client/client-draft.ts";
import { reachable, ringing } from "../../arbitraries/client/client-moments.ts";
import { anyClientPhone } from "../../arbitraries/client/client-phone.ts";
import { instantOrPause, pause } from "../../arbitraries/moments.ts";
import type { Cast } from "../../arbitraries/plan-arbitrary.ts";
import { planArbitrary } from "../../arbitraries/plan-arbitrary.ts";
import type { RolePart } from "../both-roles.ts";
import { allClientWitnesses } from "./all-client-witnesses.ts";
import { clientCallerHangupWitnesses } from "./caller-hangup-witnesses.ts";
import { answeredAndEnded, onTheWire, shownForPush } from "./exercises.ts";

/** The caller gives up in every phase of a call, and at every crossing. */
export const clientCallerHangup: RolePart = {
  exercises: [
    ...onTheWire,
    ...shownForPush,
    ...answeredAndEnded,
    "callkit/answered-elsewhere",
    "callkit/declined-elsewhere",
    "flow/app-declines",
    "flow/app-hangs-up",
    "flow/app-other-call-untouched",
    "flow/app-shows-call",
    "flow/app-stops-ringing",
    "pushkit/push-of-ended-call",
    "sip/cancel-answered",
    "sip/final-acknowledged",
    "sip/retransmission-absorbed",
  ],
  witnesses: (facts) => allClientWitnesses(clientCallerHangupWitnesses, facts),
  arbitrary: (facts) =>
    planArbitrary("caller-hangup", facts, [
      beforeAnswer(facts),
      aroundAnswer(facts),
      aroundDecline(facts),
      pushOfEndedCall(facts),
      oneOfTwoCalls(facts),
    ]),
};

const apps: readonly AppState[] = ["suspended", "killed", "background", "foreground"];
/** Within a round trip: where the orders of a crossing flip. */
const moments = fc.constantFrom(0, 5, 20, 100);

function arrives(facts: RunFacts): Steps {
  return fc
    .constantFrom(0, 100)
    .map((delayMs) => [pushes("phone:1", "call:1"), places("call:1", reachable(facts), delayMs)]);
}

function beforeAnswer(facts: RunFacts): Cast {
  const phases: Anchors = [
    ringing(),
    on("call.placed", "call:1"),
    on("call.trying", "call:1"),
    on("call.ringing", "call:1"),
  ];
  const steps = together(
    wireDisturbances("phone:1", "call:1"),
    phoneDisturbances("phone:1", "call:1"),
    isCancelled("call:1", phases),
    arrives(facts),
  );
  return { weight: 5, draft: clientDraft(steps, [1], facts, [anyClientPhone(facts.features, 1, apps)]) };
}

/** The user answers about when the caller gives up: either may be first. */
function aroundAnswer(facts: RunFacts): Cast {
  const crossing: Anchors = [
    on("user.answered", "phone:1"),
    on("sent.200", "phone:1"),
    on("media.started", "phone:1"),
    ringing(),
  ];
  const steps = together(
    wireDisturbances("phone:1", "call:1"),
    fc.oneof(
      { withCrossShrink: true },
      together(
        pause.map((delayMs) => [userAnswers("phone:1", "call:1", delayMs, ringing())]),
        isCancelled("call:1", crossing, moments),
      ),
      together(
        moments.map((delayMs) => [userAnswers("phone:1", "call:1", delayMs, on("call.cancelled", "call:1"))]),
        isCancelled("call:1", [ringing()], pause),
      ),
    ),
    arrives(facts),
  );
  return { weight: 3, draft: clientDraft(steps, [1], facts, [anyClientPhone(facts.features, 1, apps)]) };
}

function aroundDecline(facts: RunFacts): Cast {
  const steps = together(
    wireDisturbances("phone:1", "call:1"),
    pause.map((delayMs) => [userDeclines("phone:1", "call:1", delayMs, ringing())]),
    isCancelled("call:1", [on("user.declined", "phone:1"), on("sent.rejection", "phone:1"), ringing()], moments),
    arrives(facts),
  );
  return { weight: 2, draft: clientDraft(steps, [1], facts, [anyClientPhone(facts.features, 1, apps)]) };
}

/** The connection brought the call and took it away; its push comes when it is over. */
function pushOfEndedCall(facts: RunFacts): Cast {
  const shown = on("ringing.shown", "phone:1");
  const over = { any: [on("call.rejected", "call:1"), on("call.hung-up", "call:1")] };
  const steps = together(
    instantOrPause.map((delayMs) => [pushes("phone:1", "call:1", over, delayMs)]),
    fc.oneof(
      { withCrossShrink: true },
      isCancelled("call:1", [shown], pause),
      isDeclinedByUser("phone:1", "call:1", [shown]),
      isTakenByUser("phone:1", "call:1", [shown]),
    ),
    fc.constant([places("call:1")]),
  );
  const phone = anyClientPhone(facts.features, 1, ["background", "foreground"]);
  return { weight: 2, draft: clientDraft(steps, [1], facts, [phone]) };
}

/** One caller gives up; the other's call goes on and is answered, declined or given up for itself. */
function oneOfTwoCalls(facts: RunFacts): Cast {
  const rings = (call: CallRef) => ({ all: [on("ringing.shown", call), on("invite.received", call)] });
  const steps = together(
    fc.oneof(
      { withCrossShrink: true },
      isCancelled("call:2", [rings("call:2")], pause),
      isDeclinedByUser("phone:1", "call:2", [rings("call:2")]),
      isTakenByUser("phone:1", "call:2", [rings("call:2"), on("call.rejected", "call:1")]),
    ),
    isCancelled("call:1", [rings("call:2"), rings("call:1"), on("call.placed", "call:2")]),
    fc
      .tuple(instantOrPause, pause)
      .map(([pushApartMs, inviteApartMs]) => [
        pushes("phone:1", "call:1"),
        pushes("phone:1", "call:2", start, pushApartMs),
        places("call:1", reachable(facts), 100),
        places("call:2", on("call.placed", "call:1"), inviteApartMs),
      ]),
  );
  const phone = anyClientPhone(facts.features, 1, ["suspended", "background"]);
  return { weight: 2, when: facts.features.concurrentCalls, draft: clientDraft(steps, [1, 1], facts, [phone]) };
}
