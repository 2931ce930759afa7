import { clientCallsOf } from "../../../harness/judge/client-view.ts";
import { firstOf } from "../../../harness/judge/client-view-order.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { judgeReaction } from "../app-reaction.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";

const limitMs = 2000;

// "If the UAS is not able to answer the invitation immediately, it can choose to indicate some kind of progress to the UAC (for example,
// an indication that a phone is ringing). This is accomplished with a provisional response between 101 and 199." (RFC 3261, 13.3.1.1)
export const ringingSent: Requirement = {
  id: "sip/ringing-sent",
  title: "A phone that rings tells the caller so within 2 s of the INVITE.",
  level: "should",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "13.3.1.1",
      "If the UAS is not able to answer the invitation immediately, it can choose to indicate some kind of progress to the UAC (for example, an indication that a phone is ringing).",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientCallsOf(trace).flatMap((call) =>
        call.legs.map((leg): Verdict => {
          const invite = leg.invite.arrived;
          if (invite === undefined) return notExercised;
          const ring = call.shown
            .flatMap(({ ringing }) => ringing)
            .find(({ until }) => until === undefined || until.seq > invite.seq);
          if (ring === undefined) return notExercised;
          const from = ring.from.seq > invite.seq ? ring.from : invite;
          return judgeReaction(trace, call.phone, {
            what: "the ringing response to the INVITE",
            from,
            limitMs,
            takesUp: invite,
            met: leg.responses.find(({ sip }) => sip.status > 100 && sip.status < 200)?.event,
            excuses: [leg.final?.event, firstOf(leg.cancels.map(({ arrived }) => arrived)), ring.until],
            missing: "no-ringing",
            expected: "180, or another response between 101 and 199",
          });
        }),
      ),
    ),
};
