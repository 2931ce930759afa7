import * as fc from "fast-check";
import { answers, callerHangsUp, declines, on, places, wakes } from "../../harness/plan/plan-parts.ts";
import type { AnchorExpression } from "../../harness/plan/plan.ts";
import type { Scenario } from "../../harness/plan/scenario.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { Anchors } from "../arbitraries/call-courses.ts";
import { givesUp, isDeclined, together } from "../arbitraries/call-courses.ts";
import { disturbances, mostly } from "../arbitraries/disturbances.ts";
import { instantOrPause, pause } from "../arbitraries/moments.ts";
import { phone } from "../arbitraries/phones.ts";
import type { Cast } from "../arbitraries/plan-arbitrary.ts";
import { draft, planArbitrary } from "../arbitraries/plan-arbitrary.ts";
import { lateDeliveries } from "../arbitraries/pushes.ts";
import { allWitnesses } from "./all-witnesses.ts";
import { inBothRoles, type RolePart } from "./both-roles.ts";
import { clientCallerHangup } from "./client/caller-hangup.ts";
import { callerHangupWitnesses } from "./caller-hangup-witnesses.ts";

const server: RolePart = {
  exercises: [
    "flow/answer-reaches-caller",
    "flow/caller-bye-reaches-phone",
    "flow/cancel-answered",
    "flow/cancelled-call-is-final",
    "flow/hang-up-reaches-phone",
    "flow/invite-after-register",
    "flow/legs-agree",
    "flow/no-cancel-push",
    "flow/no-invite-after-end",
    "flow/one-outcome-per-leg",
    "flow/target-survives",
    "sip/branch-unique",
    "sip/bye-answered",
    "sip/cancel-matches-invite",
    "sip/final-acknowledged",
    "sip/mandatory-headers",
    "sip/response-copies",
    "sip/response-via",
    "sip/to-tag",
    "sip/trying-in-time",
    "sip/via-branch-cookie",
    "sip/well-formed",
  ],
  witnesses: (facts) => allWitnesses(callerHangupWitnesses, facts),
  arbitrary: (facts) =>
    planArbitrary("caller-hangup", facts, [
      beforeAnswer(facts),
      aroundAnswer(facts),
      aroundDecline(facts),
      twoDevices(facts),
      oneOfTwoCalls(facts),
      callsAgain(facts),
    ]),
};

export const callerHangup: Scenario = inBothRoles(
  "caller-hangup",
  "The caller gives up in every phase of a call, and at every crossing",
  server,
  clientCallerHangup,
);

const ringing = on("sent.180", "phone:1");

/** Where no push or REGISTER comes (the phone is connected), the caller gives up when it rings. */
function orWhenRinging(...anchors: Parameters<typeof on>[0][]): readonly AnchorExpression[] {
  return anchors.map((name) => ({ any: [on(name, "phone:1"), ringing] }));
}

const phases: Anchors = [
  ringing,
  on("call.placed", "call:1"),
  on("call.trying", "call:1"),
  ...orWhenRinging("push.received", "push.accepted", "push.delivered", "phone.registering", "phone.registered"),
  on("invite.received", "phone:1"),
];

const wake = instantOrPause.map((delayMs) => wakes("phone:1", delayMs));

function beforeAnswer(facts: RunFacts): Cast {
  const steps = together(
    disturbances("phone:1", "call:1"),
    mostly(wake),
    givesUp("call:1", phases),
    fc.constant([places("call:1")]),
  );
  const states = ["closed", "silent", "connected"] as const;
  return { weight: 6, draft: draft(steps, [1], facts, [phone(facts.features, 1, states, lateDeliveries)]) };
}

/** The user answers about when the caller gives up: either may be first. */
function aroundAnswer(facts: RunFacts): Cast {
  const crossing: Anchors = [
    on("sent.200", "phone:1"),
    on("user.answered", "phone:1"),
    on("call.answered", "call:1"),
    ringing,
  ];
  const moments = fc.constantFrom(0, 5, 20, 100);
  const steps = together(
    disturbances("phone:1", "call:1"),
    mostly(wake),
    fc.oneof(
      { withCrossShrink: true },
      together(
        pause.map((delayMs) => [answers("phone:1", "call:1", delayMs)]),
        givesUp("call:1", crossing, moments),
      ),
      together(
        moments.map((delayMs) => [answers("phone:1", "call:1", delayMs, on("call.cancelled", "call:1"))]),
        givesUp("call:1", [ringing], moments),
      ),
    ),
    fc.constant([places("call:1")]),
  );
  return { weight: 3, draft: draft(steps, [1], facts, [phone(facts.features, 1, ["closed", "silent", "connected"])]) };
}

function aroundDecline(facts: RunFacts): Cast {
  const crossing: Anchors = [on("sent.rejection", "phone:1"), on("user.declined", "phone:1"), ringing];
  const steps = together(
    disturbances("phone:1", "call:1"),
    mostly(wake),
    isDeclined("phone:1", "call:1", [ringing], pause),
    givesUp("call:1", crossing, fc.constantFrom(0, 5, 20, 100)),
    fc.constant([places("call:1")]),
  );
  return { weight: 2, draft: draft(steps, [1], facts, [phone(facts.features, 1, ["closed", "connected"])]) };
}

function twoDevices(facts: RunFacts): Cast {
  const steps = together(
    mostly(pause.map((delayMs) => wakes("phone:2", delayMs))),
    mostly(wake),
    givesUp("call:1", phases),
    fc.constant([places("call:1")]),
  );
  const device = phone(facts.features, 1, ["closed", "silent", "connected"], lateDeliveries);
  return { weight: 2, when: facts.features.multipleDevices, draft: draft(steps, [1], facts, [device, device]) };
}

/** One caller gives up, the other's call goes on and is declined or given up for itself. */
function oneOfTwoCalls(facts: RunFacts): Cast {
  const steps = together(
    mostly(wake),
    fc.oneof(
      { withCrossShrink: true },
      givesUp("call:2", [on("sent.180", "call:2")], pause),
      pause.map((delayMs) => [declines("phone:1", "call:2", 486, delayMs, on("sent.180", "call:2"))]),
    ),
    givesUp("call:1", [on("sent.180", "call:1"), on("call.placed", "call:2"), on("call.trying", "call:1")]),
    instantOrPause.map((delayMs) => [places("call:1"), places("call:2", undefined, delayMs)]),
  );
  return {
    weight: 2,
    when: facts.features.concurrentCalls,
    draft: draft(steps, [1, 1], facts, [phone(facts.features, 1, ["closed", "silent", "connected"], lateDeliveries)]),
  };
}

/** Gives up and calls again at once. */
function callsAgain(facts: RunFacts): Cast {
  const steps = together(
    mostly(pause.map((delayMs) => wakes("phone:1", delayMs, on("push.delivered", "phone:1", 2)))),
    givesUp("call:1", orWhenRinging("push.accepted", "push.delivered") as Anchors),
    fc.constantFrom(0, 50, 200).map((delayMs) => [places("call:2", on("call.rejected", "call:1"), delayMs)]),
    pause.map((delayMs) => [declines("phone:1", "call:2", 486, delayMs, on("sent.180", "call:2"))]),
    fc.constant([callerHangsUp("call:2", on("call.placed", "call:2"), 1500), places("call:1")]),
  );
  return { weight: 1, draft: draft(steps, [1, 1], facts, [phone(facts.features, 1, ["closed", "silent"])]) };
}
