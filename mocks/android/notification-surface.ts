import type { NotificationId, NotificationStyle, Surface } from "../../harness/trace/android-event.ts";
import type { AndroidSettings } from "./android-settings.ts";

export interface PostedNotification {
  readonly notificationId: NotificationId;
  readonly style: NotificationStyle;
  readonly fullScreenIntent: boolean;
  readonly actions: readonly string[];
}

export type Showing =
  | {
      readonly kind: "shown";
      readonly surface: Surface;
      /** A heads-up that moves to the shade. */ readonly isBrief: boolean;
    }
  | { readonly kind: "withheld"; readonly why: string };

/**
 * How a notification is shown. A full-screen intent takes the screen of a locked phone, and is a heads-up on one in use; with
 * its permission revoked it is a heads-up that ends (Android Open Source Project, "Full-screen intent limits"). Without
 * `POST_NOTIFICATIONS` nothing is shown but the call of an app that has it in Telecom (Android 13, "Notification runtime
 * permission"). One with neither a style nor a full-screen intent only lies in the shade.
 */
export function showingOf(
  { style, fullScreenIntent }: PostedNotification,
  settings: Pick<AndroidSettings, "locked" | "postNotifications" | "fullScreenIntent" | "callStyleExempt">,
  hasTelecomCall: boolean,
): Showing {
  const isExempt = settings.callStyleExempt && style === "CallStyle" && hasTelecomCall;
  if (!settings.postNotifications && !isExempt) return { kind: "withheld", why: "POST_NOTIFICATIONS is not granted" };
  if (!fullScreenIntent)
    return { kind: "shown", surface: style === "none" ? "shade" : "heads-up", isBrief: style === "standard" };
  if (!settings.fullScreenIntent) return { kind: "shown", surface: "heads-up", isBrief: true };
  return { kind: "shown", surface: settings.locked ? "full-screen" : "heads-up", isBrief: false };
}
