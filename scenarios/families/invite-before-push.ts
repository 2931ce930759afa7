import * as fc from "fast-check";
import { declines, fallsAsleep, on, places, start, wakes } from "../../harness/plan/plan-parts.ts";
import type { Scenario } from "../../harness/plan/scenario.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { CallRef } from "../../harness/trace/trace-event.ts";
import { givesUp, isAnswered, isDeclined, ringsAndEnds, together } from "../arbitraries/call-courses.ts";
import { disturbances, mostly, rarely } from "../arbitraries/disturbances.ts";
import { instantOrPause, momentAfter, pause } from "../arbitraries/moments.ts";
import { phone } from "../arbitraries/phones.ts";
import type { Cast } from "../arbitraries/plan-arbitrary.ts";
import { draft, planArbitrary } from "../arbitraries/plan-arbitrary.ts";
import { lateDeliveries } from "../arbitraries/pushes.ts";
import { allWitnesses } from "./all-witnesses.ts";
import { inBothRoles, type RolePart } from "./both-roles.ts";
import { clientInviteBeforePush } from "./client/invite-before-push.ts";
import { inviteBeforePushWitnesses } from "./invite-before-push-witnesses.ts";

const server: RolePart = {
  exercises: [
    "flow/ack-reaches-phone",
    "flow/answer-reaches-caller",
    "flow/caller-bye-reaches-phone",
    "flow/calls-never-cross",
    "flow/connected-phone-rings",
    "flow/dead-branch-keeps-call",
    "flow/decline-reaches-caller",
    "flow/decline-status-kept",
    "flow/decline-status-proxied",
    "flow/hold-until-registered",
    "flow/invite-after-register",
    "flow/invite-on-newest-flow",
    "flow/legs-agree",
    "flow/no-push-when-connected",
    "flow/one-live-invite",
    "flow/one-outcome-per-leg",
    "flow/one-push-per-call",
    "flow/other-devices-stop",
    "flow/phone-bye-reaches-caller",
    "flow/push-matches-invite",
    "flow/push-names-caller",
    "flow/push-wakes-phone",
    "flow/ringing-reaches-caller",
    "flow/target-survives",
    "sip/branch-unique",
    "sip/bye-answered",
    "sip/cseq-in-dialog",
    "sip/final-acknowledged",
    "sip/mandatory-headers",
    "sip/max-forwards",
    "sip/proxy-keeps-request",
    "sip/record-route",
    "sip/register-answered",
    "sip/response-copies",
    "sip/response-via",
    "sip/retransmission-absorbed",
    "sip/to-tag",
    "sip/trying-in-time",
    "sip/via-branch-cookie",
    "sip/well-formed",
  ],
  witnesses: (facts) => allWitnesses(inviteBeforePushWitnesses, facts),
  arbitrary: (facts) =>
    planArbitrary("invite-before-push", facts, [
      onePhone(facts),
      goesAway(facts),
      twoCallsOnePhone(facts),
      twoAccounts(facts),
      twoDevices(facts),
    ]),
};

export const inviteBeforePush: Scenario = inBothRoles(
  "invite-before-push",
  "The INVITE may reach the phone before its push, without one, or beside that of another call",
  server,
  clientInviteBeforePush,
);

/** Wakes because of the push, or by itself (its network is back) before any push is there; then each push refreshes. */
const wakesSomehow = momentAfter([
  on("push.delivered", "phone:1"),
  on("push.accepted", "phone:1"),
  on("call.placed", "call:1"),
]).map(({ after, delayMs }) => wakes("phone:1", delayMs, after));

function refreshesOnPush(nth: number) {
  return pause.map((delayMs) => wakes("phone:1", delayMs, on("push.delivered", "phone:1", nth)));
}

function onePhone(facts: RunFacts): Cast {
  const steps = together(
    disturbances("phone:1", "call:1"),
    rarely(refreshesOnPush(2)),
    mostly(wakesSomehow),
    ringsAndEnds("phone:1", "call:1"),
    fc.constant([places("call:1")]),
  );
  const states = ["connected", "silent", "closed"] as const;
  return { weight: 5, draft: draft(steps, [1], facts, [phone(facts.features, 1, states, lateDeliveries)]) };
}

/** Connected until just before the call. */
function goesAway(facts: RunFacts): Cast {
  const steps = together(
    mostly(wakesSomehow),
    ringsAndEnds("phone:1", "call:1"),
    fc.constantFrom(100, 200).map((delayMs) => [fallsAsleep("phone:1", start), places("call:1", undefined, delayMs)]),
  );
  return { weight: 1, draft: draft(steps, [1], facts, [phone(facts.features, 1, ["connected"], lateDeliveries)]) };
}

function twoCallsOnePhone(facts: RunFacts): Cast {
  const ringing = (call: CallRef) => on("sent.180", call);
  const steps = together(
    mostly(refreshesOnPush(2)),
    mostly(wakesSomehow),
    fc.oneof(
      { withCrossShrink: true },
      givesUp("call:2", [ringing("call:2")]),
      isDeclined("phone:1", "call:2", [ringing("call:2")]),
    ),
    fc.oneof(
      { withCrossShrink: true },
      pause.map((delayMs) => [declines("phone:1", "call:1", 486, delayMs, ringing("call:1"))]),
      isAnswered("phone:1", "call:1", [ringing("call:1")]),
    ),
    instantOrPause.map((delayMs) => [places("call:1"), places("call:2", undefined, delayMs)]),
  );
  const states = ["connected", "silent", "closed"] as const;
  return {
    weight: 2,
    when: facts.features.concurrentCalls,
    draft: draft(steps, [1, 1], facts, [phone(facts.features, 1, states, lateDeliveries)]),
  };
}

function twoAccounts(facts: RunFacts): Cast {
  const steps = together(
    mostly(pause.map((delayMs) => wakes("phone:2", delayMs))),
    mostly(wakesSomehow),
    ringsAndEnds("phone:2", "call:2"),
    ringsAndEnds("phone:1", "call:1"),
    instantOrPause.map((delayMs) => [places("call:1"), places("call:2", undefined, delayMs)]),
  );
  const phones = [1, 2].map((account) =>
    phone(facts.features, account, ["connected", "silent", "closed"], lateDeliveries),
  );
  return { weight: 2, when: facts.features.concurrentCalls, draft: draft(steps, [1, 2], facts, phones) };
}

function twoDevices(facts: RunFacts): Cast {
  const steps = together(
    mostly(pause.map((delayMs) => wakes("phone:2", delayMs))),
    mostly(wakesSomehow),
    ringsAndEnds("phone:1", "call:1"),
    fc.constant([places("call:1")]),
  );
  const phones = [
    phone(facts.features, 1, ["connected", "closed"], lateDeliveries),
    phone(facts.features, 1, ["closed", "connected"], lateDeliveries),
  ];
  return { weight: 2, when: facts.features.multipleDevices, draft: draft(steps, [1], facts, phones) };
}
