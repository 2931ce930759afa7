import type { Requirement } from "../../../harness/judge/requirement.ts";
import { topVia } from "../../../harness/wire/headers.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import { isRequest, messagesOf } from "./messages-of.ts";
import { rfc3261 } from "./sources.ts";

const cookie = "z9hG4bK";

/** The magic cookie at the head of the top Via's branch, in any case as all tokens are (7.3.1). */
export const viaBranchCookieRule: MessageRule = (trace, sender) => {
  const requests = messagesOf(trace, sender)
    .filter(isRequest)
    .flatMap(({ event, message }) => {
      const top = topVia(message);
      return top === undefined ? [] : [{ event, method: message.method, branch: top.branch }];
    });
  const faults = requests
    .filter(({ branch }) => branch?.toLowerCase().startsWith(cookie.toLowerCase()) !== true)
    .map(({ event, method, branch }): MessageFault => ({
      mismatch: "no-magic-cookie",
      expected: `a branch that begins with ${cookie}`,
      actual: branch === undefined ? `no branch in the top Via of ${method}` : `branch ${branch} in ${method}`,
      evidence: [event.seq],
    }));
  return { judged: requests.map(({ event }) => event.seq), faults };
};

// RFC 3261, 8.1.1.7: “The branch ID inserted by an element compliant with this specification MUST always begin with the
// characters "z9hG4bK".”
export const viaBranchCookie: Requirement = {
  id: "sip/via-branch-cookie",
  title: "The branch in the top Via of every request begins with z9hG4bK.",
  level: "must",
  origin: "standard",
  role: "both",
  scope: "case",
  sources: [
    rfc3261(
      "8.1.1.7",
      'The branch ID inserted by an element compliant with this specification MUST always begin with the characters "z9hG4bK".',
    ),
  ],
  applies: () => true,
  judge: judgeTargetBy(viaBranchCookieRule),
};
