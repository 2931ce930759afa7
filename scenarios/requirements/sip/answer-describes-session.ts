import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Leg } from "../../../harness/judge/client-view-legs.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { header } from "../../../harness/wire/headers.ts";
import { rfc3261, rfc3264 } from "../client-documents.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";
import { mediaOf } from "./session-media.ts";

// "If the INVITE request contained an offer, and the UAS had not yet sent an answer, the 2xx MUST contain an answer. If the INVITE did not
// contain an offer, the 2xx MUST contain an offer if the UAS had not yet sent an offer." (RFC 3261, 13.3.1.4)
// "The answer MUST contain exactly the same number of "m=" lines as the offer." (RFC 3264, 6)
export const answerDescribesSession: Requirement = {
  id: "sip/answer-describes-session",
  title: "A 2xx to INVITE answers the offer, or offers where there was none.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "13.3.1.4",
      "If the INVITE request contained an offer, and the UAS had not yet sent an answer, the 2xx MUST contain an answer.",
    ),
    rfc3261(
      "13.3.1.4",
      "If the INVITE did not contain an offer, the 2xx MUST contain an offer if the UAS had not yet sent an offer.",
    ),
    rfc3264("6", 'The answer MUST contain exactly the same number of "m=" lines as the offer.'),
  ],
  applies: () => true,
  judge: (trace) => conclude(clientPhonesOf(trace).flatMap(({ legs }) => legs.map(judgeLeg))),
};

function judgeLeg({ invite, answer, responses }: Leg): Verdict {
  if (answer === undefined) return notExercised;
  const evidence = [invite.event, answer.event];
  // A reliable provisional response may have carried it before (RFC 3262, 5).
  const early = responses.find(
    ({ sip }) =>
      sip.status > 100 &&
      sip.status < 200 &&
      sip.body.length > 0 &&
      header(sip, "Require")?.toLowerCase().includes("100rel") === true,
  );
  if (early !== undefined && answer.sip.body.length === 0) return pass(evidence);
  const offered = invite.sip.body.length === 0 ? undefined : mediaOf(invite.sip.body);
  if (answer.sip.body.length === 0) {
    return fail({
      mismatch: "no-sdp",
      basis: "content",
      expected: offered === undefined ? "an offer in the 2xx" : "an answer in the 2xx",
      actual: "a 2xx without a body",
      evidence,
    });
  }
  const given = mediaOf(answer.sip.body);
  const unfit = (expected: string, actual: string): Verdict =>
    fail({ mismatch: "unfit-sdp", basis: "content", expected, actual, evidence });
  if (given === undefined) return unfit("a session description", "a body that is none");
  if (offered === undefined) return given.length > 0 ? pass(evidence) : unfit("an offer of a stream", "no m= line");
  const kinds = (streams: typeof given) => streams.map(({ kind, transport }) => `${kind} ${transport}`).join(", ");
  if (kinds(given) !== kinds(offered)) return unfit(`m= lines: ${kinds(offered)}`, `m= lines: ${kinds(given)}`);
  if (given.every(({ port }) => port === 0)) return unfit("one stream that is not refused", "every port is 0");
  return pass(evidence);
}
