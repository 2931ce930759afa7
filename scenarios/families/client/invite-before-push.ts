import * as fc from "fast-check";
import { on, places, pushes, start } from "../../../harness/plan/plan-parts.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { CallRef } from "../../../harness/trace/trace-event.ts";
import type { Steps } from "../../arbitraries/call-courses.ts";
import { together } from "../../arbitraries/call-courses.ts";
import { isCancelled, isDeclinedByUser, isTakenByUser, ringsOnPhone } from "../../arbitraries/client/client-courses.ts";
import { phoneDisturbances, repetitions, wireDisturbances } from "../../arbitraries/client/client-disturbances.ts";
import { clientDraft } from "../../arbitraries/client/client-draft.ts";
import { anyClientPhone } from "../../arbitraries/client/client-phone.ts";
import { instantOrPause, momentAfter, pause } from "../../arbitraries/moments.ts";
import type { Cast } from "../../arbitraries/plan-arbitrary.ts";
import { planArbitrary } from "../../arbitraries/plan-arbitrary.ts";
import type { RolePart } from "../both-roles.ts";
import { allClientWitnesses } from "./all-client-witnesses.ts";
import { answeredAndEnded, onTheWire } from "./exercises.ts";
import { clientInviteBeforePushWitnesses } from "./invite-before-push-witnesses.ts";

/** The INVITE reaches a running app before its push, without one, or beside that of another call. */
export const clientInviteBeforePush: RolePart = {
  exercises: [
    ...onTheWire,
    ...answeredAndEnded,
    "callkit/action-settled-once",
    "callkit/actions-settled",
    "flow/app-declines",
    "flow/app-hangs-up",
    "flow/app-one-call",
    "flow/app-other-call-untouched",
    "flow/app-shows-call",
    "pushkit/completion-once",
    "pushkit/duplicate-push",
    "pushkit/payload-uuid",
    "pushkit/report-before-return",
    "sip/cancel-answered",
    "sip/merged-request",
    "sip/retransmission-absorbed",
    "telecom/call-added",
    "telecom/call-style",
    "telecom/full-screen-intent",
  ],
  witnesses: (facts) => allClientWitnesses(clientInviteBeforePushWitnesses, facts),
  arbitrary: (facts) =>
    planArbitrary("invite-before-push", facts, [onePhone(facts), sleepingApp(facts), twoCalls(facts)]),
};

const shown = on("ringing.shown", "phone:1");

/** Never, now, or when the call has got somewhere. */
const pushSometime: Steps = fc.oneof(
  { withCrossShrink: true },
  { weight: 2, arbitrary: fc.constant([]) },
  {
    weight: 5,
    arbitrary: momentAfter([
      start,
      on("call.placed", "call:1"),
      shown,
      on("user.answered", "phone:1"),
      on("call.answered", "call:1"),
    ]).map(({ after, delayMs }) => [pushes("phone:1", "call:1", after, delayMs)]),
  },
);

function onePhone(facts: RunFacts): Cast {
  const steps = together(
    wireDisturbances("phone:1", "call:1"),
    repetitions("phone:1", "call:1"),
    phoneDisturbances("phone:1", "call:1"),
    pushSometime,
    ringsOnPhone("phone:1", "call:1", shown),
    fc.constant([places("call:1")]),
  );
  const phone = anyClientPhone(facts.features, 1, ["foreground", "background"]);
  return { weight: 5, draft: clientDraft(steps, [1], facts, [phone]) };
}

/** To the old binding of an app that reads nothing, about when the push wakes it. */
function sleepingApp(facts: RunFacts): Cast {
  const steps = together(
    wireDisturbances("phone:1", "call:1"),
    ringsOnPhone("phone:1", "call:1", { all: [shown, on("call.ringing", "call:1")] }),
    instantOrPause.map((delayMs) => [places("call:1"), pushes("phone:1", "call:1", start, delayMs)]),
  );
  return { weight: 2, draft: clientDraft(steps, [1], facts, [anyClientPhone(facts.features, 1, ["suspended"])]) };
}

function twoCalls(facts: RunFacts): Cast {
  const rings = (call: CallRef) => on("ringing.shown", call);
  const steps = together(
    pushSometime,
    fc.oneof(
      { withCrossShrink: true },
      isCancelled("call:2", [rings("call:2")], pause),
      isDeclinedByUser("phone:1", "call:2", [rings("call:2")]),
    ),
    fc.oneof(
      { withCrossShrink: true },
      isCancelled("call:1", [rings("call:1")], pause),
      isTakenByUser("phone:1", "call:1", [rings("call:1"), rings("call:2")]),
    ),
    instantOrPause.map((delayMs) => [places("call:1"), places("call:2", start, delayMs)]),
  );
  const phone = anyClientPhone(facts.features, 1, ["foreground", "background"]);
  return { weight: 2, when: facts.features.concurrentCalls, draft: clientDraft(steps, [1, 1], facts, [phone]) };
}
