import type { Requirement } from "../../../harness/judge/requirement.ts";
import { badUuidShown } from "./bad-uuid-shown.ts";
import { completionOnce } from "./completion-once.ts";
import { duplicatePush } from "./duplicate-push.ts";
import { malformedPushFailed } from "./malformed-push-failed.ts";
import { notObligedSilent } from "./not-obliged-silent.ts";
import { payloadCaller } from "./payload-caller.ts";
import { payloadUuid } from "./payload-uuid.ts";
import { pushOfEndedCall } from "./push-of-ended-call.ts";
import { reportBeforeReturn } from "./report-before-return.ts";
import { reportNotDelayed } from "./report-not-delayed.ts";
import { videoFlag } from "./video-flag.ts";

/** What an iOS app does with VoIP pushes. */
export const pushkitRequirements: readonly Requirement[] = [
  reportBeforeReturn,
  reportNotDelayed,
  completionOnce,
  payloadUuid,
  badUuidShown,
  payloadCaller,
  videoFlag,
  malformedPushFailed,
  duplicatePush,
  notObligedSilent,
  pushOfEndedCall,
];
