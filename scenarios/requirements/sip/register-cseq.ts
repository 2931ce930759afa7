import { clientPhonesOf, type ClientPhone } from "../../../harness/judge/client-view.ts";
import type { RequestMessage } from "../../../harness/judge/call-view-messages.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { cseq, topVia } from "../../../harness/wire/headers.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";

// "A UA MUST increment the CSeq value by one for each REGISTER request with the same Call-ID." (RFC 3261, 10.2)
export const registerCseq: Requirement = {
  id: "sip/register-cseq",
  title: "The REGISTERs of one process with one Call-ID have rising CSeq numbers.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261("10.2", "A UA MUST increment the CSeq value by one for each REGISTER request with the same Call-ID."),
  ],
  applies: () => true,
  judge: (trace) => conclude(clientPhonesOf(trace).flatMap((phone) => judgePhone(trace, phone))),
};

function judgePhone(trace: Trace, phone: ClientPhone): readonly Verdict[] {
  const newest = new Map<string, RequestMessage>();
  return phone.registrations.map(({ request }): Verdict => {
    const key = `${processAt(trace, phone, request)} ${request.callId}`;
    const earlier = newest.get(key);
    // The same transaction over another flow, or with another timestamp, is the same REGISTER.
    if (earlier !== undefined && topVia(earlier.sip)?.branch === topVia(request.sip)?.branch) return notExercised;
    newest.set(key, request);
    const before = earlier === undefined ? undefined : cseq(earlier.sip)?.number;
    const number = cseq(request.sip)?.number;
    if (earlier === undefined || before === undefined || number === undefined) return notExercised;
    if (number > before) return pass([earlier.event, request.event]);
    return fail({
      mismatch: "cseq-not-rising",
      basis: "content",
      expected: `a CSeq number above ${before}`,
      actual: `CSeq ${number}`,
      evidence: [earlier.event, request.event],
    });
  });
}

/** How often the app of the phone had been launched by then. */
function processAt(trace: Trace, phone: ClientPhone, request: RequestMessage): number {
  return eventsOf(trace, "app.launched").filter((event) => event.phone === phone.ref && event.seq < request.event.seq)
    .length;
}
