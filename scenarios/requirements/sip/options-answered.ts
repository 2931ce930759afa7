import { clientPhonesOf, type ClientPhone } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { callId, toTag } from "../../../harness/wire/headers.ts";
import { isLost, judgeReaction } from "../app-reaction.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, fail, notExercised } from "../verdicts.ts";
import { transactionsOf, type Transaction } from "./transactions-of.ts";

/** What an INVITE might be answered at that moment: busy, away, or not without credentials. */
const fitsInvite: ReadonlySet<number> = new Set([401, 407, 480, 486, 600, 603]);

// "The response code chosen MUST be the same that would have been chosen had the request been an INVITE." and "An OPTIONS request
// received within a dialog generates a 200 (OK) response that is identical to one constructed outside a dialog and does not have any
// impact on the dialog." (RFC 3261, 11.2)
export const optionsAnswered: Requirement = {
  id: "sip/options-answered",
  title: "OPTIONS is answered as an INVITE would be.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "11.2",
      "The response code chosen MUST be the same that would have been chosen had the request been an INVITE.",
    ),
    rfc3261(
      "11.2",
      "An OPTIONS request received within a dialog generates a 200 (OK) response that is identical to one constructed outside a dialog and does not have any impact on the dialog.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace).flatMap((phone) =>
        transactionsOf(trace, "world", "OPTIONS")
          .filter(({ request }) => request.event.phone === phone.ref)
          .map((options) => judgeOptions(trace, phone, options)),
      ),
    ),
};

function judgeOptions(trace: Trace, phone: ClientPhone, { request, reached, responses }: Transaction): Verdict {
  const inDialog = toTag(request.message) !== undefined;
  if (reached === undefined || (inDialog && isOver(trace, request.event.seq, callId(request.message))))
    return notExercised;
  const dialog = inDialog ? dialogOf(trace, callId(request.message)) : undefined;
  if (dialog !== undefined && isLost(trace, phone, dialog, reached.event)) return notExercised;
  const answer = responses.find(({ message }) => message.status >= 200);
  const status = answer?.message.status ?? 0;
  if (answer !== undefined && status >= 300 && (inDialog || !fitsInvite.has(status))) {
    return fail({
      mismatch: "refused",
      basis: "content",
      expected: inDialog ? "200 to OPTIONS within the dialog" : "200 to OPTIONS, or what an INVITE would get",
      actual: `${status} ${answer.message.reason}`,
      evidence: [reached.event, answer.event],
    });
  }
  return judgeReaction(trace, phone, {
    what: "the answer to OPTIONS",
    from: reached.event,
    takesUp: dialog,
    met: answer?.event,
    missing: "not-answered",
    expected: "a final response to OPTIONS",
  });
}

/** The INVITE that set it up. */
function dialogOf(trace: Trace, id: string | undefined): TraceEvent | undefined {
  return transactionsOf(trace, "world", "INVITE").find(
    ({ request }) => callId(request.message) === id && toTag(request.message) === undefined,
  )?.request.event;
}

function isOver(trace: Trace, seq: number, id: string | undefined): boolean {
  return [...transactionsOf(trace, "world", "BYE"), ...transactionsOf(trace, "target", "BYE")].some(
    ({ request }) => request.event.seq < seq && callId(request.message) === id,
  );
}
