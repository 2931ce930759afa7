import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeReaction } from "../app-reaction.ts";
import { callKitHeader } from "../apple-documents.ts";
import { conclude, notExercised } from "../verdicts.ts";
import { callsWithMedia, type CallWithMedia } from "./media.ts";

// "Delegates must respond to this callback by cleaning up all internal call state (disconnecting communication channels, releasing network
// resources, etc.)." (Apple, CXProvider.h, providerDidReset:): so after any other end.
export const mediaStops: Requirement = {
  id: "audio/media-stops",
  title: "No media is on after the call has ended",
  level: "should",
  origin: "house",
  role: "client",
  scope: "case",
  sources: [
    callKitHeader(
      "providerDidReset:",
      "Delegates must respond to this callback by cleaning up all internal call state (disconnecting communication channels, releasing network resources, etc.).",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(callsWithMedia(trace).flatMap((one) => judgeCall(trace, one))),
};

function judgeCall(trace: Trace, { call, shown, media }: CallWithMedia): readonly Verdict[] {
  const ended = shown.ended?.event;
  if (ended === undefined) return [];
  return media.map(({ started, stopped }) => {
    const isLate = started.seq > ended.seq;
    const isGone = ended.kind === "call.ended" && ended.why === "app-terminated";
    if (isGone) return notExercised;
    return judgeReaction(trace, call.phone, {
      what: `the end of the media of ${call.ref}`,
      from: isLate ? started : ended,
      takesUp: started,
      met: stopped,
      missing: "media-left-on",
      expected: `no media for ${call.ref}, which has ended`,
      overNetwork: false,
    });
  });
}
