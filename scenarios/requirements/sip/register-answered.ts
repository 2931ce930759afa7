import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { answeredWithin, closedAfter } from "./answered-within.ts";
import { rfc3261 } from "./sources.ts";
import { transactionsOf } from "./transactions-of.ts";
import { worstOf } from "./worst-of.ts";

const limitMs = 2000;

// RFC 3261, 10.3: “The registrar returns a 200 (OK) response.”
// RFC 3261, 8.2.6.1: “Rather, UASs SHOULD generate a final response to a non-INVITE request as soon as possible.”
export const registerAnswered: Requirement = {
  id: "sip/register-answered",
  title: "Every REGISTER gets a final response within 2 s.",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261("10.3", "The registrar returns a 200 (OK) response."),
    rfc3261("8.2.6.1", "Rather, UASs SHOULD generate a final response to a non-INVITE request as soon as possible."),
  ],
  applies: () => true,
  judge,
};

function judge(trace: Trace): Verdict {
  return worstOf(
    transactionsOf(trace, "world", "REGISTER").flatMap(({ reached, responses }) => {
      if (reached === undefined) return [];
      const answer = responses.find(
        ({ event, message }) => event.seq > reached.event.seq && message.status >= 200,
      )?.event;
      if (answer === undefined && closedAfter(trace, reached.event, limitMs)) return [];
      return [
        answeredWithin(trace, {
          after: reached.event,
          answer,
          limitMs,
          what: "a final response to REGISTER",
          mismatch: "no-response",
        }),
      ];
    }),
  );
}
