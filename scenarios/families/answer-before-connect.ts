import * as fc from "fast-check";
import { on, places, wakes } from "../../harness/plan/plan-parts.ts";
import type { AnchorExpression, AnchorName } from "../../harness/plan/plan.ts";
import type { Scenario } from "../../harness/plan/scenario.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { PhoneRef } from "../../harness/trace/trace-event.ts";
import type { Anchors } from "../arbitraries/call-courses.ts";
import { givesUp, isAnswered, isDeclined, ringsAndEnds, together } from "../arbitraries/call-courses.ts";
import { disturbances, mostly } from "../arbitraries/disturbances.ts";
import { instantOrPause, pause } from "../arbitraries/moments.ts";
import { phone } from "../arbitraries/phones.ts";
import type { Cast } from "../arbitraries/plan-arbitrary.ts";
import { draft, planArbitrary } from "../arbitraries/plan-arbitrary.ts";
import { lateDeliveries } from "../arbitraries/pushes.ts";
import { allWitnesses } from "./all-witnesses.ts";
import { inBothRoles, type RolePart } from "./both-roles.ts";
import { clientAnswerBeforeConnect } from "./client/answer-before-connect.ts";
import { answerBeforeConnectWitnesses } from "./answer-before-connect-witnesses.ts";

const server: RolePart = {
  exercises: [
    "flow/ack-reaches-phone",
    "flow/answer-reaches-caller",
    "flow/caller-bye-reaches-phone",
    "flow/decline-reaches-caller",
    "flow/every-device-pushed",
    "flow/invite-after-register",
    "flow/invite-on-newest-flow",
    "flow/legs-agree",
    "flow/one-outcome-per-leg",
    "flow/other-devices-stop",
    "flow/phone-bye-reaches-caller",
    "flow/push-wakes-phone",
    "flow/target-survives",
    "sip/branch-unique",
    "sip/bye-answered",
    "sip/cseq-in-dialog",
    "sip/final-acknowledged",
    "sip/mandatory-headers",
    "sip/record-route",
    "sip/response-copies",
    "sip/response-via",
    "sip/to-tag",
    "sip/trying-in-time",
    "sip/via-branch-cookie",
    "sip/well-formed",
  ],
  witnesses: (facts) => allWitnesses(answerBeforeConnectWitnesses, facts),
  arbitrary: (facts) =>
    planArbitrary("answer-before-connect", facts, [onePhone(facts), callerGone(facts), twoDevices(facts)]),
};

export const answerBeforeConnect: Scenario = inBothRoles(
  "answer-before-connect",
  "The user acts on the ringing that the push showed, before the phone is registered or the INVITE is there",
  server,
  clientAnswerBeforeConnect,
);

/** As soon as the phone shows the call, while it registers, or at the latest as the INVITE is there. */
function early(phone: PhoneRef): Anchors {
  const orAtInvite = (name: AnchorName): AnchorExpression => ({ any: [on(name, phone), on("invite.received", phone)] });
  return [
    on("invite.received", phone),
    on("ringing.shown", phone),
    orAtInvite("phone.registering"),
    orAtInvite("phone.registered"),
  ];
}

function actsEarly(phone: PhoneRef) {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 1, arbitrary: isDeclined(phone, "call:1", early(phone)) },
    { weight: 3, arbitrary: isAnswered(phone, "call:1", early(phone)) },
  );
}

function onePhone(facts: RunFacts): Cast {
  const steps = together(
    disturbances("phone:1", "call:1"),
    mostly(pause.map((delayMs) => wakes("phone:1", delayMs))),
    actsEarly("phone:1"),
    fc.constant([places("call:1")]),
  );
  const states = ["closed", "silent", "connected"] as const;
  return { weight: 5, draft: draft(steps, [1], facts, [phone(facts.features, 1, states, lateDeliveries)]) };
}

/** Answered early, but the caller gives up before or just as the call could connect. */
function callerGone(facts: RunFacts): Cast {
  const steps = together(
    mostly(pause.map((delayMs) => wakes("phone:1", delayMs))),
    givesUp("call:1", [
      on("user.answered", "phone:1"),
      { any: [on("phone.registering", "phone:1"), on("invite.received", "phone:1")] },
      on("invite.received", "phone:1"),
    ]),
    actsEarly("phone:1"),
    fc.constant([places("call:1")]),
  );
  return { weight: 2, draft: draft(steps, [1], facts, [phone(facts.features, 1, ["closed", "connected"])]) };
}

/** One user acts early while the other device rings, sleeps on or answers too. */
function twoDevices(facts: RunFacts): Cast {
  const steps = together(
    mostly(instantOrPause.map((delayMs) => wakes("phone:2", delayMs))),
    mostly(pause.map((delayMs) => wakes("phone:1", delayMs))),
    ringsAndEnds("phone:2", "call:1"),
    actsEarly("phone:1"),
    fc.constant([places("call:1")]),
  );
  const device = phone(facts.features, 1, ["closed", "connected"], lateDeliveries);
  return { weight: 2, when: facts.features.multipleDevices, draft: draft(steps, [1], facts, [device, device]) };
}
