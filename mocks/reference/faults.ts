export type ServerName = "holding-proxy" | "parallel-proxy" | "b2bua";

const HOLDING = [
  "push-with-put",
  "path-without-version",
  "token-truncated",
  "jwt-wrong-key",
  "jwt-stale",
  "jwt-per-push",
  "topic-without-voip",
  "push-type-alert",
  "priority-5",
  "expiration-one-day",
  "apns-id-malformed",
  "collapse-id-long",
  "duplicate-topic-header",
  "payload-not-json",
  "payload-6-kib",
  "connection-per-push",
  "no-push",
  "payload-without-call-id",
  "payload-foreign-call-id",
  "payload-wrong-caller",
  "payload-video-always",
  "push-old-token",
  "push-twice",
  "push-always",
  "cancel-push",
  "update-push",
  "invite-at-once",
  "forgets-held-call",
  "invite-to-oldest-contact",
  "ignores-connected-phone",
  "first-device-only",
  "no-fork-cancel",
  "invite-after-cancel",
  "cancel-not-forwarded",
  "cancel-unanswered",
  "no-487",
  "decline-swallowed",
  "decline-becomes-500",
  "no-180",
  "answer-swallowed",
  "ack-not-forwarded",
  "caller-bye-not-forwarded",
  "phone-bye-not-forwarded",
  "waits-for-ever",
  "push-failure-hangs",
  "keeps-unregistered-token",
  "drops-token-on-old-410",
  "retry-storm",
  "push-after-log-out",
  "answers-for-phone",
  "final-after-answer",
  "rings-again-after-decline",
  "crosses-calls",
  "crash-on-cancel",
  "header-without-colon",
  "invite-without-max-forwards",
  "branch-without-cookie",
  "branch-reused",
  "response-via-dropped-param",
  "response-cseq-changed",
  "final-without-to-tag",
  "max-forwards-kept",
  "record-route-without-lr",
  "content-length-missing",
  "proxy-changes-from-tag",
  "no-100",
  "cancel-with-new-branch",
  "no-ack-for-rejection",
  "register-unanswered",
  "register-200-without-contact",
  "retransmission-starts-new-call",
  "bye-unanswered",
  "no-feature-caps",
] as const;
const PARALLEL = ["forks-twice", "dead-branch-ends-call"] as const;
const BACK_TO_BACK = ["b2bua-decline-becomes-480", "b2bua-cseq-constant"] as const;

export type FaultName = (typeof HOLDING)[number] | (typeof PARALLEL)[number] | (typeof BACK_TO_BACK)[number];
/** The one thing a server does wrong on purpose; `none`: it conforms. */
export type Fault = FaultName | "none";

/** Every named fault and the server it lives in. */
export const faults: readonly { readonly name: FaultName; readonly server: ServerName }[] = [
  ...HOLDING.map((name) => ({ name, server: "holding-proxy" as const })),
  ...PARALLEL.map((name) => ({ name, server: "parallel-proxy" as const })),
  ...BACK_TO_BACK.map((name) => ({ name, server: "b2bua" as const })),
];

/** The fault of that name at that server; undefined when there is none. */
export function findFault(name: string, server: ServerName): Fault | undefined {
  return faults.find((fault) => fault.name === name && fault.server === server)?.name;
}
