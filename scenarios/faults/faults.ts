import type { RequirementId } from "../../harness/judge/requirement.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import { callerHangupWitnesses } from "../families/caller-hangup-witnesses.ts";
import { delayedDeliveryWitnesses } from "../families/delayed-delivery-witnesses.ts";
import { inviteBeforePushWitnesses } from "../families/invite-before-push-witnesses.ts";
import type { Witness } from "../families/plan-for.ts";
import { pushBeforeInviteWitnesses } from "../families/push-before-invite-witnesses.ts";

export type FaultyServer = "holding-proxy" | "parallel-proxy" | "b2bua";

/** One named thing a server does wrong on purpose, and the failure it must draw. */
export interface Fault {
  readonly name: string;
  readonly server: FaultyServer;
  /** The requirement that must fail, ... */
  readonly breaks: RequirementId;
  /** ... and as what. */
  readonly mismatch: string;
  /** Requirements that cannot but fail with it. */
  readonly alsoBreaks: readonly RequirementId[];
  /** Where it is planted: in a reference server, in a synthetic target, or in a stored trace. */
  readonly in: "reference" | "synthetic" | "trace";
  /** The plan under which it shows. */
  readonly witness: (facts: RunFacts) => Plan;
}

/** Every requirement, the fault that breaks it and the plan that shows it. */
export const faults: readonly Fault[] = [
  planted("push-with-put", "holding-proxy", "apns/method", "method-not-post", pushBeforeInviteWitnesses.answered),
  planted("path-without-version", "holding-proxy", "apns/path", "bad-path", pushBeforeInviteWitnesses.answered),
  planted("token-truncated", "holding-proxy", "apns/device-token", "unknown-token", pushBeforeInviteWitnesses.answered),
  planted(
    "jwt-wrong-key",
    "holding-proxy",
    "apns/authentication",
    "invalid-provider-token",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "jwt-stale",
    "holding-proxy",
    "apns/provider-token-age",
    "expired-provider-token",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "jwt-per-push",
    "holding-proxy",
    "apns/provider-token-refresh",
    "refreshed-too-often",
    pushBeforeInviteWitnesses.fourAccounts,
  ),
  planted("topic-without-voip", "holding-proxy", "apns/topic", "topic-not-voip", pushBeforeInviteWitnesses.answered),
  planted("push-type-alert", "holding-proxy", "apns/push-type", "not-voip", pushBeforeInviteWitnesses.answered),
  planted("priority-5", "holding-proxy", "apns/priority", "not-immediate", pushBeforeInviteWitnesses.answered),
  planted("expiration-one-day", "holding-proxy", "apns/expiration", "too-late", pushBeforeInviteWitnesses.answered),
  planted("apns-id-malformed", "holding-proxy", "apns/message-id", "not-a-uuid", pushBeforeInviteWitnesses.answered),
  planted("collapse-id-long", "holding-proxy", "apns/collapse-id", "too-long", pushBeforeInviteWitnesses.answered),
  planted(
    "duplicate-topic-header",
    "holding-proxy",
    "apns/duplicate-headers",
    "repeated-header",
    pushBeforeInviteWitnesses.answered,
  ),
  planted("payload-not-json", "holding-proxy", "apns/payload", "not-a-json-object", pushBeforeInviteWitnesses.answered),
  planted("payload-6-kib", "holding-proxy", "apns/payload-size", "too-large", pushBeforeInviteWitnesses.answered),
  planted(
    "connection-per-push",
    "holding-proxy",
    "apns/connection-reuse",
    "connection-per-push",
    pushBeforeInviteWitnesses.fourAccounts,
  ),
  planted("no-push", "holding-proxy", "flow/push-wakes-phone", "no-push", pushBeforeInviteWitnesses.answered),
  planted(
    "payload-without-call-id",
    "holding-proxy",
    "flow/push-carries-call-id",
    "no-call-id",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "payload-foreign-call-id",
    "holding-proxy",
    "flow/push-matches-invite",
    "call-id-differs",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "payload-wrong-caller",
    "holding-proxy",
    "flow/push-names-caller",
    "handle-differs",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "payload-video-always",
    "holding-proxy",
    "flow/push-video-flag",
    "video-flag-differs",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "push-old-token",
    "holding-proxy",
    "flow/newest-token-only",
    "old-token-used",
    delayedDeliveryWitnesses.rotatedToken,
  ),
  planted("push-twice", "holding-proxy", "flow/one-push-per-call", "pushed-twice", pushBeforeInviteWitnesses.answered),
  planted(
    "push-always",
    "holding-proxy",
    "flow/no-push-when-connected",
    "pushed-connected-phone",
    inviteBeforePushWitnesses.connectedAnswers,
  ),
  planted("cancel-push", "holding-proxy", "flow/no-cancel-push", "pushed-after-end", callerHangupWitnesses.whileHeld),
  planted(
    "update-push",
    "holding-proxy",
    "flow/no-update-push",
    "pushed-to-update",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "invite-at-once",
    "holding-proxy",
    "flow/hold-until-registered",
    "invite-before-register",
    inviteBeforePushWitnesses.silentOldContact,
  ),
  planted(
    "forks-twice",
    "parallel-proxy",
    "flow/one-live-invite",
    "two-live-invites",
    pushBeforeInviteWitnesses.answeredOverUdp,
  ),
  planted(
    "forgets-held-call",
    "holding-proxy",
    "flow/invite-after-register",
    "no-invite",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "invite-to-oldest-contact",
    "holding-proxy",
    "flow/invite-on-newest-flow",
    "invite-on-old-flow",
    inviteBeforePushWitnesses.silentOldContact,
  ),
  planted(
    "ignores-connected-phone",
    "holding-proxy",
    "flow/connected-phone-rings",
    "no-invite",
    inviteBeforePushWitnesses.connectedAnswers,
  ),
  planted(
    "dead-branch-ends-call",
    "parallel-proxy",
    "flow/dead-branch-keeps-call",
    "dead-branch-ended-call",
    inviteBeforePushWitnesses.deadOldContact,
  ),
  planted(
    "first-device-only",
    "holding-proxy",
    "flow/every-device-pushed",
    "device-not-pushed",
    pushBeforeInviteWitnesses.twoDevices,
  ),
  planted(
    "no-fork-cancel",
    "holding-proxy",
    "flow/other-devices-stop",
    "other-device-rings-on",
    pushBeforeInviteWitnesses.twoDevices,
  ),
  planted(
    "invite-after-cancel",
    "holding-proxy",
    "flow/no-invite-after-end",
    "invite-after-end",
    callerHangupWitnesses.whileHeld,
  ),
  planted(
    "cancel-not-forwarded",
    "holding-proxy",
    "flow/hang-up-reaches-phone",
    "no-cancel-at-phone",
    callerHangupWitnesses.whileRinging,
  ),
  planted(
    "cancel-unanswered",
    "holding-proxy",
    "flow/cancel-answered",
    "cancel-unanswered",
    callerHangupWitnesses.whileRinging,
  ),
  planted(
    "no-487",
    "holding-proxy",
    "flow/cancelled-call-is-final",
    "no-final-response",
    callerHangupWitnesses.whileRinging,
  ),
  planted(
    "decline-swallowed",
    "holding-proxy",
    "flow/decline-reaches-caller",
    "no-final-response",
    pushBeforeInviteWitnesses.declined,
  ),
  planted(
    "decline-becomes-500",
    "holding-proxy",
    "flow/decline-status-proxied",
    "status-changed",
    pushBeforeInviteWitnesses.declined,
  ),
  planted(
    "b2bua-decline-becomes-480",
    "b2bua",
    "flow/decline-status-kept",
    "status-changed",
    pushBeforeInviteWitnesses.declined,
  ),
  planted(
    "no-180",
    "holding-proxy",
    "flow/ringing-reaches-caller",
    "no-ringing",
    pushBeforeInviteWitnesses.ringsThenDeclined,
  ),
  planted(
    "answer-swallowed",
    "holding-proxy",
    "flow/answer-reaches-caller",
    "answer-lost",
    pushBeforeInviteWitnesses.answeredAndWatched,
  ),
  planted("ack-not-forwarded", "holding-proxy", "flow/ack-reaches-phone", "no-ack", pushBeforeInviteWitnesses.answered),
  planted(
    "caller-bye-not-forwarded",
    "holding-proxy",
    "flow/caller-bye-reaches-phone",
    "no-bye",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "phone-bye-not-forwarded",
    "holding-proxy",
    "flow/phone-bye-reaches-caller",
    "no-bye",
    pushBeforeInviteWitnesses.phoneHangsUp,
  ),
  planted(
    "waits-for-ever",
    "holding-proxy",
    "flow/no-wake-final-response",
    "no-final-response",
    delayedDeliveryWitnesses.neverWakes,
  ),
  planted(
    "push-failure-hangs",
    "holding-proxy",
    "flow/push-refused-final-response",
    "no-final-response",
    delayedDeliveryWitnesses.refusedWith500,
  ),
  planted(
    "keeps-unregistered-token",
    "holding-proxy",
    "flow/unregistered-token-dropped",
    "pushed-unregistered-token",
    delayedDeliveryWitnesses.unregisteredToken,
  ),
  planted(
    "drops-token-on-old-410",
    "holding-proxy",
    "flow/older-unregistered-ignored",
    "token-dropped",
    delayedDeliveryWitnesses.olderUnregistered,
  ),
  planted(
    "retry-storm",
    "holding-proxy",
    "flow/no-retry-storm",
    "retry-storm",
    delayedDeliveryWitnesses.refusedWith429,
  ),
  planted(
    "push-after-log-out",
    "holding-proxy",
    "flow/logged-out-not-pushed",
    "pushed-after-log-out",
    delayedDeliveryWitnesses.loggedOut,
  ),
  planted(
    "answers-for-phone",
    "holding-proxy",
    "flow/legs-agree",
    "outcomes-differ",
    pushBeforeInviteWitnesses.ringsThenDeclined,
  ),
  planted(
    "final-after-answer",
    "holding-proxy",
    "flow/one-outcome-per-leg",
    "second-final-response",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "rings-again-after-decline",
    "holding-proxy",
    "flow/nothing-rings-after-end",
    "rings-after-end",
    pushBeforeInviteWitnesses.declined,
  ),
  planted(
    "crosses-calls",
    "holding-proxy",
    "flow/calls-never-cross",
    "crossed-call",
    inviteBeforePushWitnesses.twoCallsTwoAccounts,
  ),
  planted(
    "crash-on-cancel",
    "holding-proxy",
    "flow/target-survives",
    "target-died",
    callerHangupWitnesses.whileRinging,
  ),
  planted(
    "header-without-colon",
    "holding-proxy",
    "sip/well-formed",
    "header-without-colon",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "invite-without-max-forwards",
    "holding-proxy",
    "sip/mandatory-headers",
    "missing-max-forwards",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "branch-without-cookie",
    "holding-proxy",
    "sip/via-branch-cookie",
    "no-magic-cookie",
    pushBeforeInviteWitnesses.answered,
  ),
  planted("branch-reused", "holding-proxy", "sip/branch-unique", "branch-reused", pushBeforeInviteWitnesses.answered),
  planted(
    "response-via-dropped-param",
    "holding-proxy",
    "sip/response-via",
    "via-differs",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "response-cseq-changed",
    "holding-proxy",
    "sip/response-copies",
    "cseq-differs",
    pushBeforeInviteWitnesses.answered,
  ),
  planted("final-without-to-tag", "holding-proxy", "sip/to-tag", "no-to-tag", pushBeforeInviteWitnesses.answered),
  planted(
    "max-forwards-kept",
    "holding-proxy",
    "sip/max-forwards",
    "not-decremented",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "record-route-without-lr",
    "holding-proxy",
    "sip/record-route",
    "record-route-without-lr",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "content-length-missing",
    "holding-proxy",
    "sip/content-length",
    "content-length-missing",
    pushBeforeInviteWitnesses.answeredOverTcp,
  ),
  planted(
    "proxy-changes-from-tag",
    "holding-proxy",
    "sip/proxy-keeps-request",
    "from-changed",
    pushBeforeInviteWitnesses.answered,
  ),
  planted("no-100", "holding-proxy", "sip/trying-in-time", "no-provisional", pushBeforeInviteWitnesses.slowPhone),
  planted(
    "cancel-with-new-branch",
    "holding-proxy",
    "sip/cancel-matches-invite",
    "branch-differs",
    callerHangupWitnesses.whileRinging,
  ),
  planted(
    "no-ack-for-rejection",
    "holding-proxy",
    "sip/final-acknowledged",
    "no-ack",
    pushBeforeInviteWitnesses.declined,
  ),
  planted(
    "register-unanswered",
    "holding-proxy",
    "sip/register-answered",
    "no-response",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "register-200-without-contact",
    "holding-proxy",
    "sip/register-lists-contact",
    "contact-not-listed",
    pushBeforeInviteWitnesses.answered,
  ),
  planted(
    "retransmission-starts-new-call",
    "holding-proxy",
    "sip/retransmission-absorbed",
    "retransmission-forwarded",
    pushBeforeInviteWitnesses.retransmittedInvite,
  ),
  planted("bye-unanswered", "holding-proxy", "sip/bye-answered", "no-response", pushBeforeInviteWitnesses.answered),
  planted("b2bua-cseq-constant", "b2bua", "sip/cseq-in-dialog", "cseq-not-rising", pushBeforeInviteWitnesses.answered),
  planted(
    "no-feature-caps",
    "holding-proxy",
    "sip/feature-caps",
    "no-feature-caps",
    pushBeforeInviteWitnesses.answered,
  ),
];

function planted(
  name: string,
  server: FaultyServer,
  breaks: RequirementId,
  mismatch: string,
  witness: Witness,
  alsoBreaks: readonly RequirementId[] = [],
): Fault {
  return { name, server, breaks, mismatch, alsoBreaks, in: "reference", witness };
}
