import type { Requirement } from "../../../harness/judge/requirement.ts";
import { mediaAfterActivation } from "./media-after-activation.ts";
import { mediaAfterAnswer } from "./media-after-answer.ts";
import { mediaAfterConnection } from "./media-after-connection.ts";
import { mediaStarts } from "./media-starts.ts";
import { mediaStops } from "./media-stops.ts";

/** When an app uses microphone and speaker. */
export const audioRequirements: readonly Requirement[] = [
  mediaAfterActivation,
  mediaAfterAnswer,
  mediaAfterConnection,
  mediaStarts,
  mediaStops,
];
