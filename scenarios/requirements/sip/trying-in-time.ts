import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { toTag } from "../../../harness/wire/headers.ts";
import { answeredWithin, closedAfter } from "./answered-within.ts";
import { rfc3261 } from "./sources.ts";
import { transactionsOf } from "./transactions-of.ts";
import { worstOf } from "./worst-of.ts";

/** The 200 ms of section 17.2.1 with room for the way there and back and for a busy host. */
const limitMs = 500;

// RFC 3261, 17.2.1: “The server transaction MUST generate a 100 (Trying) response unless it knows that the TU will generate
// a provisional or final response within 200 ms, in which case it MAY generate a 100 (Trying) response.”
export const tryingInTime: Requirement = {
  id: "sip/trying-in-time",
  title: "The caller's INVITE gets some response at once: 200 ms, judged with tolerance at 500 ms.",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "17.2.1",
      "The server transaction MUST generate a 100 (Trying) response unless it knows that the TU will generate a provisional or final response within 200 ms, in which case it MAY generate a 100 (Trying) response.",
    ),
  ],
  applies: () => true,
  judge,
};

function judge(trace: Trace): Verdict {
  const invites = transactionsOf(trace, "world", "INVITE").filter(
    ({ request }) => request.event.from === "caller" && toTag(request.message) === undefined,
  );
  return worstOf(
    invites.flatMap(({ reached, responses }) => {
      if (reached === undefined) return [];
      const answer = responses.find(({ event }) => event.seq > reached.event.seq)?.event;
      if (answer === undefined && closedAfter(trace, reached.event, limitMs)) return [];
      return [
        answeredWithin(trace, {
          after: reached.event,
          answer,
          limitMs,
          what: "a response to INVITE",
          mismatch: "no-provisional",
        }),
      ];
    }),
  );
}
