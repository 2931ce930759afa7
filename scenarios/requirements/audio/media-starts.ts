import { iosPhoneOf } from "../../../harness/judge/client-view-ios.ts";
import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { firstOf } from "../../../harness/judge/client-view-order.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { lastOf, mainLegOf } from "../answered-calls.ts";
import { judgeReaction } from "../app-reaction.ts";
import { callKitSample } from "../apple-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";
import { callsWithMedia, type CallWithMedia } from "./media.ts";

// "Start call audio media, now that the audio session has been activated after having its priority boosted."
// (Apple, VoIP calling with CallKit, provider(_:didActivate:))
export const mediaStarts: Requirement = {
  id: "audio/media-starts",
  title: "A call that is answered and connected has media",
  level: "should",
  origin: "house",
  role: "client",
  scope: "case",
  sources: [
    callKitSample(
      "provider(_:didActivate:)",
      "Start call audio media, now that the audio session has been activated after having its priority boosted.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(callsWithMedia(trace).map((one) => judgeCall(trace, one))),
};

function judgeCall(trace: Trace, one: CallWithMedia): Verdict {
  const { call, shown, media } = one;
  const from = readyFrom(trace, one);
  if (from === undefined || (shown.ended?.event.seq ?? Infinity) < from.seq) return notExercised;
  const holds = eventsOf(trace, "call.held").filter(({ phone, onHold }) => phone === call.phone.ref && onHold);
  const silences = eventsOf(trace, "audio.deactivated").filter(({ phone }) => phone === call.phone.ref);
  const leg = mainLegOf(call);
  return judgeReaction(trace, call.phone, {
    what: `the media of ${call.ref}`,
    from,
    met: media[0]?.started,
    excuses: [
      shown.ended?.event,
      remoteEndOf(call.legs)?.event,
      leg?.byesSent[0]?.request.event,
      firstOf([...holds, ...silences].filter(({ seq }) => seq > from.seq)),
      firstOf(call.acts.filter(({ kind, seq }) => kind !== "user.answered" && seq > from.seq)),
    ],
    missing: "no-media",
    expected: `media for ${call.ref}`,
    overNetwork: false,
  });
}

/** Answered, accepted towards the caller, who has confirmed it, connected on the phone and, on an iPhone, with an active audio session. */
function readyFrom(trace: Trace, { call, shown }: CallWithMedia): TraceEvent | undefined {
  // Without an ACK the app cannot know that its 2xx got through.
  const accepted = firstOf((mainLegOf(call)?.acks ?? []).map(({ arrived }) => arrived));
  const connected =
    shown.platform === "android" && trace.facts.app?.telecom === "none" ? shown.answered : shown.connected;
  if (shown.answered === undefined || accepted === undefined || connected === undefined) return undefined;
  const ready = lastOf([shown.answered, accepted, connected]);
  if (ready === undefined || shown.platform === "android") return ready;
  const span = iosPhoneOf(trace, call.phone.ref).audio.find(({ until }) => (until?.seq ?? Infinity) > ready.seq);
  return span === undefined ? undefined : lastOf([ready, span.from]);
}
