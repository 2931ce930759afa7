import * as fc from "fast-check";
import {
  callerHangsUp,
  declines,
  fallsAsleep,
  logsOut,
  on,
  places,
  rotatesToken,
  wakes,
} from "../../harness/plan/plan-parts.ts";
import type { Step } from "../../harness/plan/plan.ts";
import type { Scenario } from "../../harness/plan/scenario.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import { ringsAndEnds, together } from "../arbitraries/call-courses.ts";
import { mostly, rarely } from "../arbitraries/disturbances.ts";
import { pause } from "../arbitraries/moments.ts";
import { phone } from "../arbitraries/phones.ts";
import type { Cast } from "../arbitraries/plan-arbitrary.ts";
import { draft, planArbitrary } from "../arbitraries/plan-arbitrary.ts";
import { anyHandlings, lateDeliveries, refusing } from "../arbitraries/pushes.ts";
import { allWitnesses } from "./all-witnesses.ts";
import { inBothRoles, type RolePart } from "./both-roles.ts";
import { clientDelayedDelivery } from "./client/delayed-delivery.ts";
import { delayedDeliveryWitnesses } from "./delayed-delivery-witnesses.ts";

const server: RolePart = {
  exercises: [
    "apns/device-token",
    "apns/expiration",
    "apns/message-id",
    "apns/payload",
    "fcm/device-token",
    "fcm/no-retry-after-refusal",
    "fcm/quota-backoff",
    "fcm/ttl",
    "flow/hold-until-registered",
    "flow/invite-after-register",
    "flow/legs-agree",
    "flow/logged-out-not-pushed",
    "flow/newest-token-only",
    "flow/no-retry-storm",
    "flow/no-update-push",
    "flow/no-wake-final-response",
    "flow/nothing-rings-after-end",
    "flow/older-unregistered-ignored",
    "flow/one-outcome-per-leg",
    "flow/one-push-per-call",
    "flow/push-refused-final-response",
    "flow/push-wakes-phone",
    "flow/target-survives",
    "flow/unregistered-token-dropped",
    "sip/feature-caps",
    "sip/register-answered",
    "sip/register-lists-contact",
    "sip/response-copies",
    "sip/to-tag",
    "sip/trying-in-time",
    "sip/well-formed",
  ],
  witnesses: (facts) => allWitnesses(delayedDeliveryWitnesses, facts),
  arbitrary: (facts) =>
    planArbitrary("delayed-delivery", facts, [
      onePhone(facts),
      calledAgain(facts),
      newToken(facts),
      loggedOut(facts),
      wakesTooLate(facts),
      twoDevices(facts),
    ]),
};

export const delayedDelivery: Scenario = inBothRoles(
  "delayed-delivery",
  "The push comes late, twice, refused or never; and tokens that are no longer what they were",
  server,
  clientDelayedDelivery,
);

const wake = pause.map((delayMs) => wakes("phone:1", delayMs));

function onePhone(facts: RunFacts): Cast {
  const steps = together(
    rarely(pause.map((delayMs) => wakes("phone:1", delayMs, on("push.delivered", "phone:1", 2)))),
    rarely(pause.map((delayMs) => wakes("phone:1", delayMs, on("call.rejected", "call:1")))),
    mostly(wake),
    ringsAndEnds("phone:1", "call:1"),
    fc.constant([places("call:1")]),
  );
  return { weight: 5, draft: draft(steps, [1], facts, [phone(facts.features, 1, ["closed", "silent"], anyHandlings)]) };
}

/** A call that ends soon whatever becomes of its push, and another after it. */
function calledAgain(facts: RunFacts): Cast {
  const handlings = fc.tuple(refusing).map(([first]) => [first]);
  const steps = together(
    rarely(fc.constant(rotatesToken("phone:1", on("call.rejected", "call:1")))),
    mostly(pause.map((delayMs) => wakes("phone:1", delayMs))),
    pause.map((delayMs) => [declines("phone:1", "call:1", 486, delayMs, on("sent.180", "call:1"))]),
    pause.map((delayMs) => [declines("phone:1", "call:2", 486, delayMs, on("sent.180", "call:2"))]),
    fc.constant([
      callerHangsUp("call:2", on("call.placed", "call:2"), 1500),
      callerHangsUp("call:1", on("call.placed", "call:1"), 1500),
      places("call:2", on("call.rejected", "call:1"), 300),
      places("call:1"),
    ]),
  );
  return { weight: 2, draft: draft(steps, [1, 1], facts, [phone(facts.features, 1, ["closed"], handlings)]) };
}

/** The token changed before the call; what was registered with the old one is gone. */
function newToken(facts: RunFacts): Cast {
  const beforehand: readonly Step[] = [
    rotatesToken("phone:1"),
    fallsAsleep("phone:1", on("phone.registered", "phone:1"), 100),
  ];
  const steps = together(
    mostly(wake),
    ringsAndEnds("phone:1", "call:1"),
    fc.constant([...beforehand, places("call:1", on("phone.registered", "phone:1"), 300)]),
  );
  return { weight: 1, draft: draft(steps, [1], facts, [phone(facts.features, 1, ["closed"], lateDeliveries)]) };
}

function loggedOut(facts: RunFacts): Cast {
  const leaves = fc
    .constantFrom(50, 200)
    .map((delayMs) => [logsOut("phone:1"), places("call:1", on("phone.unregistered", "phone:1"), delayMs)]);
  const steps = together(leaves, fc.constant([callerHangsUp("call:1", on("call.placed", "call:1"), 800)]));
  return { weight: 1, draft: draft(steps, [1], facts, [phone(facts.features, 1, ["connected"])]) };
}

/** The phone comes when the caller has gone. */
function wakesTooLate(facts: RunFacts): Cast {
  const steps = together(
    fc.constant([callerHangsUp("call:1", on("push.accepted", "phone:1"), 50)]),
    pause.map((delayMs) => [
      wakes("phone:1", delayMs, { all: [on("call.rejected", "call:1"), on("push.delivered", "phone:1")] }),
    ]),
    fc.constant([places("call:1")]),
  );
  return {
    weight: 2,
    draft: draft(steps, [1], facts, [phone(facts.features, 1, ["closed", "silent"], lateDeliveries)]),
  };
}

function twoDevices(facts: RunFacts): Cast {
  const steps = together(
    mostly(pause.map((delayMs) => wakes("phone:2", delayMs))),
    mostly(wake),
    ringsAndEnds("phone:1", "call:1"),
    fc.constant([places("call:1")]),
  );
  const phones = [
    phone(facts.features, 1, ["closed"], anyHandlings),
    phone(facts.features, 1, ["closed", "logged-out"], anyHandlings),
  ];
  return { weight: 2, when: facts.features.multipleDevices, draft: draft(steps, [1], facts, phones) };
}
