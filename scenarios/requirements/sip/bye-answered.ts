import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { callId } from "../../../harness/wire/headers.ts";
import { answeredWithin, closedAfter } from "./answered-within.ts";
import { arrived, transmissionsOf, type SeenRequest } from "./messages-of.ts";
import { rfc3261 } from "./sources.ts";
import { transactionsOf } from "./transactions-of.ts";
import { worstOf } from "./worst-of.ts";

// RFC 3261, 15.1.2: “Whether or not it ends its participation on the session, the UAS core MUST generate a 2xx response to
// the BYE, and MUST pass that to the server transaction for transmission.”
// RFC 3261, 16.7: “Until a final response has been sent on the server transaction, the following responses MUST be forwarded
// immediately: - Any provisional response other than 100 (Trying) - Any 2xx response”
export const byeAnswered: Requirement = {
  id: "sip/bye-answered",
  title: "Every BYE gets a final response.",
  level: "must",
  origin: "standard",
  role: "both",
  scope: "case",
  sources: [
    rfc3261(
      "15.1.2",
      "Whether or not it ends its participation on the session, the UAS core MUST generate a 2xx response to the BYE, and MUST pass that to the server transaction for transmission.",
    ),
    rfc3261(
      "16.7",
      "Until a final response has been sent on the server transaction, the following responses MUST be forwarded immediately: - Any provisional response other than 100 (Trying) - Any 2xx response",
    ),
  ],
  applies: () => true,
  judge,
};

function judge(trace: Trace): Verdict {
  return worstOf(
    transactionsOf(trace, "world", "BYE").flatMap(({ reached, responses }): readonly Verdict[] => {
      if (reached === undefined) return [];
      const answer = responses.find(({ message }) => message.status >= 200);
      if (answer !== undefined) return [{ kind: "pass", evidence: [reached.event.seq, answer.event.seq] }];
      if (closedAfter(trace, reached.event) || waitsForPeer(trace, reached) || isForgotten(trace, reached)) return [];
      return [
        answeredWithin(trace, {
          after: reached.event,
          answer: undefined,
          limitMs: trace.facts.deadlines.absenceMs,
          what: "a final response to BYE",
          mismatch: "no-response",
        }),
      ];
    }),
  );
}

/** The process of the app that had the dialog is gone. */
function isForgotten(trace: Trace, { event, message }: SeenRequest): boolean {
  const invite = transactionsOf(trace, "world", "INVITE").find(
    ({ request }) => callId(request.message) === callId(message),
  )?.request.event;
  return (
    trace.facts.role === "client" &&
    invite !== undefined &&
    eventsOf(trace, "app.terminated").some(({ phone, seq }) => phone === event.phone && seq > invite.seq)
  );
}

/**
 * A proxy answers with what the other side answers: where RingTrue lost that answer, or the other side has no socket or does
 * not read it, the proxy may wait for its own time-out, longer than a case lasts.
 */
function waitsForPeer(trace: Trace, bye: SeenRequest): boolean {
  const isPeer = (seen: { readonly event: SeenRequest["event"] }) =>
    seen.event.flow !== bye.event.flow && seen.event.from !== bye.event.from;
  const forwarded = transactionsOf(trace, "target", "BYE").filter(
    ({ request }) => isPeer(request) && sameCall(request, bye),
  );
  if (forwarded.length > 0) return !forwarded.some(({ responses }) => responses.some(arrived));
  const flows = new Set(
    transmissionsOf(trace, "world")
      .filter((seen) => seen.event.call !== undefined && seen.event.call === bye.event.call && isPeer(seen))
      .map(({ event }) => event.flow),
  );
  return [...eventsOf(trace, "flow.closed"), ...eventsOf(trace, "flow.silenced")].some(({ flow }) => flows.has(flow));
}

function sameCall(forwarded: SeenRequest, bye: SeenRequest): boolean {
  return (
    callId(forwarded.message) === callId(bye.message) ||
    (forwarded.event.call !== undefined && forwarded.event.call === bye.event.call)
  );
}
