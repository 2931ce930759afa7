import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { signalWire } from "../flow/documents.ts";
import { conclude, fail, pass } from "../verdicts.ts";
import { callsWithMedia, type CallWithMedia } from "./media.ts";

// "Your application should set up an audio/video link if the user accepts the call using the handlePushNotification method."
// (SignalWire, Push Notifications)
export const mediaAfterAnswer: Requirement = {
  id: "audio/media-after-answer",
  title: "No media before the user has answered",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    signalWire(
      "Push Notifications",
      "Your application should set up an audio/video link if the user accepts the call using the handlePushNotification method.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(callsWithMedia(trace).flatMap(judgeCall)),
};

function judgeCall({ call, shown, media }: CallWithMedia): readonly Verdict[] {
  const answers = [shown.answered, ...call.acts.filter(({ kind }) => kind === "user.answered")];
  return media.map(({ started }) => {
    const answered = answers.find((event) => event !== undefined && event.seq < started.seq);
    if (answered !== undefined) return pass([answered, started]);
    return fail({
      mismatch: "media-before-answer",
      basis: "order",
      expected: `no media for ${call.ref} before the user answered`,
      actual: "media started",
      evidence: [shown.since, started],
    });
  });
}
