import type { Requirement } from "../../../harness/judge/requirement.ts";
import { activeOnceConnected } from "./active-once-connected.ts";
import { callAdded } from "./call-added.ts";
import { callStyle } from "./call-style.ts";
import { destroyedAfterDisconnect } from "./destroyed-after-disconnect.ts";
import { disconnectCause } from "./disconnect-cause.ts";
import { foregroundService } from "./foreground-service.ts";
import { fullScreenIntent } from "./full-screen-intent.ts";
import { microphoneFromAnswer } from "./microphone-from-answer.ts";
import { notificationGone } from "./notification-gone.ts";
import { refusalRejectsInvite } from "./refusal-rejects-invite.ts";
import { shownInTime } from "./shown-in-time.ts";

/** What an app does on Android: messages, Telecom, notifications, foreground services. */
export const telecomRequirements: readonly Requirement[] = [
  shownInTime,
  callAdded,
  callStyle,
  fullScreenIntent,
  activeOnceConnected,
  microphoneFromAnswer,
  foregroundService,
  disconnectCause,
  destroyedAfterDisconnect,
  refusalRejectsInvite,
  notificationGone,
];
