import * as fc from "fast-check";
import type { Scenario } from "../../harness/plan/scenario.ts";
import { allClientWitnesses } from "./client/all-client-witnesses.ts";
import { deviceLinkWitnesses } from "./client/device-link-witnesses.ts";

/** What the author of a new adapter runs first: whether the device link itself works, before any family is played over it. */
export const deviceLink: Scenario = {
  id: "device-link",
  title: "The device link, one step at a time: for a new adapter",
  roles: ["client"],
  byName: true,
  exercises: [
    "callkit/actions-settled",
    "flow/app-answers",
    "flow/app-declines",
    "flow/app-ends-on-bye",
    "flow/app-hangs-up",
    "flow/app-one-call",
    "flow/app-registers-again",
    "flow/app-shows-call",
    "flow/app-stops-ringing",
    "flow/app-survives",
    "flow/link-contract",
    "flow/user-decides",
    "pushkit/completion-once",
    "pushkit/report-before-return",
    "sip/cancel-answered",
    "sip/digest",
    "sip/logout-deregisters",
    "sip/mandatory-headers",
    "sip/new-token-registered",
    "sip/push-parameters",
    "sip/refresh-after-push",
    "sip/register-cseq",
    "sip/void-token-withdrawn",
    "sip/well-formed",
    "telecom/call-added",
    "telecom/shown-in-time",
  ],
  witnesses: (facts) => allClientWitnesses(deviceLinkWitnesses, facts),
  // There is nothing to vary: one of them once more.
  arbitrary: (facts) => fc.constantFrom(...allClientWitnesses(deviceLinkWitnesses, facts)),
};
