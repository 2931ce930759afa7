import { clientPhonesOf, type ClientPhone } from "../../../harness/judge/client-view.ts";
import { linkRequests } from "../../../harness/judge/client-view-link.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { callKitSample } from "../apple-documents.ts";
import { appleReference } from "../client-documents.ts";
import { iosOnly } from "../ios-pushes.ts";
import { conclude, fail, pass } from "../verdicts.ts";
import { mediaOn, type MediaSpan } from "./media.ts";

// "Start call audio media, now that the audio session has been activated after having its priority boosted."
// (Apple, VoIP calling with CallKit, provider(_:didActivate:))
export const mediaAfterActivation: Requirement = {
  id: "audio/media-after-activation",
  title: "Media starts only while the audio session is active",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    callKitSample(
      "provider(_:didActivate:)",
      "Start call audio media, now that the audio session has been activated after having its priority boosted.",
    ),
    appleReference(
      "CXProviderDelegate.provider(_:didActivate:)",
      "Called when the provider’s audio session is activated.",
    ),
  ],
  applies: iosOnly,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace, "ios").flatMap((phone) =>
        mediaOn(trace, phone).map((span) => judgeSpan(trace, phone, span)),
      ),
    ),
};

function judgeSpan(trace: Trace, phone: ClientPhone, { started }: MediaSpan): Verdict {
  if (!("audio" in started) || started.audio === "active") return pass([started]);
  const deactivated = eventsOf(trace, "audio.deactivated").findLast(
    (event) => event.phone === phone.ref && event.seq < started.seq,
  );
  const wasActive = eventsOf(trace, "audio.activated").some((event) => event.phone === phone.ref);
  const told = linkRequests(trace, phone.ref).findLast(
    ({ method, event }) => method === "provider.didDeactivateAudioSession" && event.seq < started.seq,
  );
  // The app has not said yet that it knows of the deactivation: as far as it knows the session is active.
  if (wasActive && told !== undefined && (told.reply?.seq ?? Infinity) > started.seq) return pass([started]);
  return fail({
    mismatch: "media-before-activation",
    basis: "order",
    expected: "media started after the system activated the audio session",
    actual: "media started while it was inactive",
    evidence: [deactivated, started],
  });
}
