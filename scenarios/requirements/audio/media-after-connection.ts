import { waitedFor } from "../../../harness/judge/client-view-order.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { mainLegOf } from "../answered-calls.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";
import { callsWithMedia, type CallWithMedia } from "./media.ts";

// "A 2xx response to an INVITE establishes a session, and it also creates a dialog between the UA that issued the INVITE and the UA that
// generated the 2xx response." (RFC 3261, 13.1): before it there is no session the media could belong to.
export const mediaAfterConnection: Requirement = {
  id: "audio/media-after-connection",
  title: "No media before the call is connected",
  level: "should",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "13.1",
      "A 2xx response to an INVITE establishes a session, and it also creates a dialog between the UA that issued the INVITE and the UA that generated the 2xx response.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(callsWithMedia(trace).flatMap((one) => judgeCall(trace, one))),
};

function judgeCall(trace: Trace, { call, shown, media }: CallWithMedia): readonly Verdict[] {
  const accepted = mainLegOf(call)?.answer?.event;
  // Telecom is told that the call is active; an iPhone shows it connected once the answer action is fulfilled, which is judged by itself.
  const needsActive = shown.platform === "android" && trace.facts.app?.telecom !== "none";
  return media.map(({ started }): Verdict => {
    if ((shown.answered?.seq ?? Infinity) > started.seq) return notExercised;
    const waited = waitedFor(trace, started, accepted);
    const isActive = !needsActive || (shown.connected?.seq ?? Infinity) < started.seq;
    if (waited === "yes" && isActive) return pass([accepted, started]);
    if (waited === "undecidable" && isActive)
      return inconclusive("media started in the moment the INVITE was accepted");
    return fail({
      mismatch: "media-before-connection",
      basis: "order",
      expected: `no media for ${call.ref} before its INVITE was accepted${needsActive ? " and Telecom told" : ""}`,
      actual:
        waited === "yes" ? "media started before the call was set active" : "media started before the 2xx to INVITE",
      evidence: [shown.answered, started],
    });
  });
}
