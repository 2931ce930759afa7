import type { ApnsPush } from "../apns-push.ts";
import type { ApnsRule } from "../apns-rule.ts";
import { REQUESTS, RESPONSES } from "./sources.ts";

const PAYLOAD_BYTES = 4096;
const VOIP_PAYLOAD_BYTES = 5120;

export const payloadRules: readonly ApnsRule[] = [
  {
    id: "apns/payload",
    mismatch: "empty",
    class: "R",
    status: 400,
    reason: "PayloadEmpty",
    source: `${RESPONSES}, PayloadEmpty`,
    check: ({ body }) => (body.length > 0 ? undefined : { expected: "a JSON object", actual: "no body" }),
  },
  {
    id: "apns/payload-size",
    mismatch: "too-large",
    class: "R",
    status: 413,
    reason: "PayloadTooLarge",
    source: `${REQUESTS}: 4 KB (4096 bytes), for a VoIP notification 5 KB (5120 bytes); ${RESPONSES}, PayloadTooLarge`,
    check: ({ body, isCall, isCut }) => {
      const limit = isCall ? VOIP_PAYLOAD_BYTES : PAYLOAD_BYTES;
      if (body.length <= limit) return undefined;
      return { expected: `at most ${limit} bytes`, actual: `${isCut ? "more than " : ""}${body.length} bytes` };
    },
  },
  {
    id: "apns/payload",
    mismatch: "compressed",
    class: "W",
    orRejects: { fault: "unreadable-payload", status: 400, reason: "PayloadEmpty" },
    source: `${REQUESTS}: "You must not use a compressed JSON payload"`,
    check: (push) =>
      isCompressed(push)
        ? { expected: "a JSON object, not compressed", actual: `content-encoding ${push.headers.contentEncoding}` }
        : undefined,
  },
  {
    id: "apns/payload",
    mismatch: "not-a-json-object",
    class: "W",
    orRejects: { fault: "unreadable-payload", status: 400, reason: "PayloadEmpty" },
    source: `${REQUESTS}: the body is the JSON payload`,
    check: (push) => {
      const { payload, body, isCut } = push;
      if (payload.fault === undefined || body.length === 0 || isCut || isCompressed(push)) return undefined;
      return { expected: "a JSON object", actual: payload.fault };
    },
  },
];

function isCompressed({ headers: { contentEncoding } }: ApnsPush): boolean {
  return contentEncoding !== undefined && contentEncoding.toLowerCase() !== "identity";
}
