/** Ids of requirements that much of what a family plays exercises. */

/** SIP at work: whatever the app registers with, answers and sends. */
export const onTheWire: readonly string[] = [
  "flow/app-survives",
  "flow/link-contract",
  "sip/branch-unique",
  "sip/content-length",
  "sip/digest",
  "sip/mandatory-headers",
  "sip/max-forwards",
  "sip/push-parameters",
  "sip/push-parameters-private",
  "sip/refresh-after-push",
  "sip/register-cseq",
  "sip/response-copies",
  "sip/response-via",
  "sip/to-tag",
  "sip/via-branch-cookie",
  "sip/well-formed",
];

/** A push that leads to a call on the screen. */
export const shownForPush: readonly string[] = [
  "callkit/action-settled-once",
  "callkit/actions-settled",
  "pushkit/completion-once",
  "pushkit/payload-caller",
  "pushkit/payload-uuid",
  "pushkit/report-before-return",
  "pushkit/video-flag",
  "telecom/call-added",
  "telecom/call-style",
  "telecom/full-screen-intent",
  "telecom/shown-in-time",
];

/** A call that is answered, talked on and ended. */
export const answeredAndEnded: readonly string[] = [
  "audio/media-after-activation",
  "audio/media-after-answer",
  "audio/media-after-connection",
  "audio/media-starts",
  "audio/media-stops",
  "callkit/ended-reason",
  "callkit/fulfils-after-accepting",
  "callkit/fulfils-once-connected",
  "flow/app-answers",
  "flow/app-ends-on-bye",
  "flow/app-nothing-left",
  "flow/app-one-outcome",
  "flow/app-silent-after-end",
  "flow/user-decides",
  "sip/answer-describes-session",
  "sip/bye-answered",
  "sip/ringing-sent",
  "telecom/active-once-connected",
  "telecom/destroyed-after-disconnect",
  "telecom/disconnect-cause",
  "telecom/foreground-service",
  "telecom/microphone-from-answer",
  "telecom/notification-gone",
];
