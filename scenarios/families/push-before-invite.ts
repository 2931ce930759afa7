import * as fc from "fast-check";
import { deliveredAfter, places, wakes } from "../../harness/plan/plan-parts.ts";
import type { Scenario } from "../../harness/plan/scenario.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import { ringsAndEnds, together } from "../arbitraries/call-courses.ts";
import { disturbances, mostly } from "../arbitraries/disturbances.ts";
import { instantOrPause, pause } from "../arbitraries/moments.ts";
import { phone } from "../arbitraries/phones.ts";
import type { Cast } from "../arbitraries/plan-arbitrary.ts";
import { draft, planArbitrary } from "../arbitraries/plan-arbitrary.ts";
import { allWitnesses } from "./all-witnesses.ts";
import { inBothRoles, type RolePart } from "./both-roles.ts";
import { clientPushBeforeInvite } from "./client/push-before-invite.ts";
import { pushBeforeInviteWitnesses } from "./push-before-invite-witnesses.ts";

const server: RolePart = {
  exercises: [
    "apns/authentication",
    "apns/broadcast-headers",
    "apns/collapse-id",
    "apns/connection-reuse",
    "apns/device-token",
    "apns/duplicate-headers",
    "apns/expiration",
    "apns/header-indexing",
    "apns/http2-priority",
    "apns/message-id",
    "apns/method",
    "apns/path",
    "apns/payload",
    "apns/payload-size",
    "apns/ping-rate",
    "apns/priority",
    "apns/provider-token-age",
    "apns/provider-token-refresh",
    "apns/push-type",
    "apns/scheme",
    "apns/stream-limit",
    "apns/topic",
    "fcm/access-token-reuse",
    "fcm/apns-block",
    "fcm/assertion",
    "fcm/authentication",
    "fcm/collapse-key",
    "fcm/connection-reuse",
    "fcm/data",
    "fcm/data-keys",
    "fcm/data-only",
    "fcm/device-token",
    "fcm/endpoint",
    "fcm/fields",
    "fcm/json",
    "fcm/package",
    "fcm/payload-size",
    "fcm/priority",
    "fcm/project",
    "fcm/recipient",
    "fcm/scheme",
    "fcm/ttl",
    "fcm/validate-only",
    "flow/ack-reaches-phone",
    "flow/answer-reaches-caller",
    "flow/caller-bye-reaches-phone",
    "flow/calls-never-cross",
    "flow/decline-reaches-caller",
    "flow/decline-status-kept",
    "flow/decline-status-proxied",
    "flow/every-device-pushed",
    "flow/invite-after-register",
    "flow/invite-on-newest-flow",
    "flow/legs-agree",
    "flow/no-update-push",
    "flow/nothing-rings-after-end",
    "flow/one-live-invite",
    "flow/one-outcome-per-leg",
    "flow/one-push-per-call",
    "flow/other-devices-stop",
    "flow/phone-bye-reaches-caller",
    "flow/push-carries-call-id",
    "flow/push-matches-invite",
    "flow/push-names-caller",
    "flow/push-video-flag",
    "flow/push-wakes-phone",
    "flow/ringing-reaches-caller",
    "flow/target-survives",
    "sip/branch-unique",
    "sip/bye-answered",
    "sip/content-length",
    "sip/cseq-in-dialog",
    "sip/feature-caps",
    "sip/final-acknowledged",
    "sip/mandatory-headers",
    "sip/max-forwards",
    "sip/proxy-keeps-request",
    "sip/record-route",
    "sip/register-answered",
    "sip/register-lists-contact",
    "sip/response-copies",
    "sip/response-via",
    "sip/retransmission-absorbed",
    "sip/to-tag",
    "sip/trying-in-time",
    "sip/via-branch-cookie",
    "sip/well-formed",
  ],
  witnesses: (facts) => allWitnesses(pushBeforeInviteWitnesses, facts),
  arbitrary: (facts) =>
    planArbitrary("push-before-invite", facts, [onePhone(facts), twoDevices(facts), twoAccounts(facts)]),
};

export const pushBeforeInvite: Scenario = inBothRoles(
  "push-before-invite",
  "The push reaches a sleeping phone before any INVITE can",
  server,
  clientPushBeforeInvite,
);

/** Delivered soon enough for the push to be what wakes the phone. */
const promptPushes = fc.array(
  fc.constantFrom(0, 50, 200).map((delayMs) => deliveredAfter(delayMs)),
  { maxLength: 1 },
);

function onePhone(facts: RunFacts): Cast {
  const steps = together(
    disturbances("phone:1", "call:1"),
    mostly(pause.map((delayMs) => wakes("phone:1", delayMs))),
    ringsAndEnds("phone:1", "call:1"),
    fc.constant([places("call:1")]),
  );
  return { weight: 5, draft: draft(steps, [1], facts, [phone(facts.features, 1, ["closed", "silent"], promptPushes)]) };
}

function twoDevices(facts: RunFacts): Cast {
  const steps = together(
    mostly(pause.map((delayMs) => wakes("phone:2", delayMs))),
    mostly(pause.map((delayMs) => wakes("phone:1", delayMs))),
    ringsAndEnds("phone:1", "call:1"),
    fc.constant([places("call:1")]),
  );
  const device = phone(facts.features, 1, ["closed", "silent"], promptPushes);
  return { weight: 2, when: facts.features.multipleDevices, draft: draft(steps, [1], facts, [device, device]) };
}

function twoAccounts(facts: RunFacts): Cast {
  const steps = together(
    mostly(pause.map((delayMs) => wakes("phone:2", delayMs))),
    mostly(pause.map((delayMs) => wakes("phone:1", delayMs))),
    ringsAndEnds("phone:2", "call:2"),
    ringsAndEnds("phone:1", "call:1"),
    instantOrPause.map((delayMs) => [places("call:1"), places("call:2", undefined, delayMs)]),
  );
  const phones = [1, 2].map((account) => phone(facts.features, account, ["closed", "silent"], promptPushes));
  return { weight: 2, when: facts.features.concurrentCalls, draft: draft(steps, [1, 2], facts, phones) };
}
