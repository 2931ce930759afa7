import type { Requirement } from "../../../harness/judge/requirement.ts";
import { to, toTag as tagOf } from "../../../harness/wire/headers.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import { isResponse, messagesOf } from "./messages-of.ts";
import { rfc3261 } from "./sources.ts";

/** A To tag in every response but 100. */
export const toTagRule: MessageRule = (trace, sender) => {
  const responses = messagesOf(trace, sender)
    .filter(isResponse)
    .filter(({ message }) => message.status !== 100 && to(message) !== undefined);
  const faults = responses
    .filter(({ message }) => tagOf(message) === undefined)
    .map(({ event, message }): MessageFault => ({
      mismatch: "no-to-tag",
      expected: "a tag in the To header field of every response but 100 (Trying)",
      actual: `none in the ${message.status} response`,
      evidence: [event.seq],
    }));
  return { judged: responses.map(({ event }) => event.seq), faults };
};

// RFC 3261, 8.2.6.2: “However, if the To header field in the request did not contain a tag, the URI in the To header field
// in the response MUST equal the URI in the To header field; additionally, the UAS MUST add a tag to the To header field in
// the response (with the exception of the 100 (Trying) response, in which a tag MAY be present).”
export const toTag: Requirement = {
  id: "sip/to-tag",
  title: "Every response but 100 (Trying) has a To tag.",
  level: "must",
  origin: "standard",
  role: "both",
  scope: "case",
  sources: [
    rfc3261(
      "8.2.6.2",
      "However, if the To header field in the request did not contain a tag, the URI in the To header field in the response MUST equal the URI in the To header field; additionally, the UAS MUST add a tag to the To header field in the response (with the exception of the 100 (Trying) response, in which a tag MAY be present).",
    ),
  ],
  applies: () => true,
  judge: judgeTargetBy(toTagRule),
};
