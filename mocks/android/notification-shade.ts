import type { NotificationAction, NotificationId, Surface } from "../../harness/trace/android-event.ts";
import type { EmitAndroidEvent } from "./emit-android-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import type { AppAnswer } from "../device-link/device-line.ts";
import type { AndroidNumbers } from "./android-numbers.ts";
import type { AndroidSettings } from "./android-settings.ts";
import { showingOf, type PostedNotification } from "./notification-surface.ts";
import { done, thrown } from "./refusal.ts";

/** A notification the user can see. */
export interface ShownNotification extends PostedNotification {
  readonly surface: Surface;
  /** The call it is taken to be about. */
  readonly connectionId?: string;
}

/** The notifications of the app. They outlive its process. */
export interface NotificationShade {
  post(posted: PostedNotification): AppAnswer;
  cancel(notificationId: NotificationId, why: string): void;
  cancelAll(why: string): void;
  /** The newest one that offers the action, of those named. */
  offering(
    action: NotificationAction,
    of?: { readonly notificationId?: NotificationId; readonly connectionId?: string },
  ): ShownNotification | undefined;
  hasCallStyle(connectionId: string): boolean;
  /** The volume key. */
  silence(): void;
  /** Oldest first. */
  shown(): readonly ShownNotification[];
}

export interface NotificationShadeOptions {
  readonly clock: Clock;
  readonly numbers: AndroidNumbers;
  readonly settings: () => AndroidSettings;
  readonly emit: EmitAndroidEvent;
  readonly isForegroundService: () => boolean;
  /** The calls that live in Telecom, newest first. */
  readonly calls: () => readonly { readonly connectionId: string }[];
  /** The user is shown a notification that was not there before. */
  readonly onShown: () => void;
  readonly onChange: () => void;
}

interface Entry {
  shown: ShownNotification;
  isRinging: boolean;
  cancelBrief: () => void;
}

export function notificationShade(options: NotificationShadeOptions): NotificationShade {
  const { clock, numbers, settings, emit, isForegroundService, calls, onShown, onChange } = options;
  const entries = new Map<string, Entry>();

  /**
   * Android does not say which call a notification is about either: Telecom pairs the calls that lack one with those that
   * come. One whose id is the call's own is about that.
   */
  function callOf(notificationId: NotificationId): string | undefined {
    const isLive = (id: string | undefined): boolean => calls().some(({ connectionId }) => connectionId === id);
    const before = entries.get(keyOf(notificationId))?.shown.connectionId;
    if (isLive(before)) return before;
    if (isLive(String(notificationId))) return String(notificationId);
    const taken = new Set([...entries.values()].map(({ shown }) => shown.connectionId));
    return calls().find(({ connectionId }) => !taken.has(connectionId))?.connectionId;
  }

  function ring(entry: Entry, isOffered: boolean, whyNot: string): void {
    if (entry.isRinging === isOffered) return;
    entry.isRinging = isOffered;
    const { notificationId, surface } = entry.shown;
    const about = { notificationId, ...callIn(entry.shown) };
    emit(
      isOffered
        ? { kind: "ringing.shown", why: "notification", surface, ...about }
        : { kind: "ringing.ended", why: whyNot, ...about },
    );
  }

  function remove(notificationId: NotificationId, why: string): void {
    const entry = entries.get(keyOf(notificationId));
    if (entry === undefined) return;
    entry.cancelBrief();
    entries.delete(keyOf(notificationId));
    emit({ kind: "notification.cancelled", notificationId, why });
    ring(entry, false, why);
    onChange();
  }

  return {
    post(posted) {
      const { notificationId, style, fullScreenIntent, actions } = posted;
      if (style === "CallStyle" && !fullScreenIntent && !isForegroundService()) {
        const why = "a CallStyle notification needs a foreground service or a full-screen intent";
        emit({ kind: "notification.withheld", notificationId, why });
        return thrown("IllegalArgumentException", why);
      }
      const before = entries.get(keyOf(notificationId));
      const connectionId = actions.length === 0 ? undefined : callOf(notificationId);
      const showing = showingOf(posted, settings(), calls().length > 0);
      if (showing.kind === "withheld") {
        emit({ kind: "notification.withheld", notificationId, why: showing.why });
        remove(notificationId, showing.why);
        return done;
      }
      before?.cancelBrief();
      const { surface } = showing;
      const shown = { notificationId, style, fullScreenIntent, actions, surface, ...callIn({ connectionId }) };
      const entry: Entry = before ?? { shown, isRinging: false, cancelBrief: () => {} };
      entry.shown = shown;
      entries.set(keyOf(notificationId), entry);
      const news = { notificationId, style, surface, fullScreenIntent, actions, ...callIn(shown) };
      emit(before === undefined ? { kind: "notification.shown", ...news } : { kind: "notification.updated", ...news });
      ring(entry, actions.includes("answer"), "the notification no longer offers to answer");
      if (showing.isBrief)
        entry.cancelBrief = clock.after(numbers.headsUpMs, () => {
          entry.shown = { ...entry.shown, surface: "shade" };
          emit({ kind: "notification.shaded", notificationId });
        });
      if (before === undefined) onShown();
      onChange();
      return done;
    },
    cancel: remove,
    cancelAll(why) {
      for (const { shown } of entries.values()) remove(shown.notificationId, why);
    },
    offering(action, { notificationId, connectionId } = {}) {
      return [...entries.values()]
        .map(({ shown }) => shown)
        .findLast(
          (one) =>
            one.actions.includes(action) &&
            (notificationId === undefined || one.notificationId === notificationId) &&
            (connectionId === undefined || one.connectionId === connectionId),
        );
    },
    hasCallStyle: (connectionId) =>
      [...entries.values()].some(({ shown }) => shown.style === "CallStyle" && shown.connectionId === connectionId),
    silence() {
      for (const { shown, isRinging } of entries.values())
        if (isRinging) emit({ kind: "ringing.silenced", notificationId: shown.notificationId, ...callIn(shown) });
    },
    shown() {
      return [...entries.values()].map(({ shown }) => shown);
    },
  };
}

function keyOf(notificationId: NotificationId): string {
  return JSON.stringify(notificationId);
}

function callIn({ connectionId }: { readonly connectionId?: string | undefined }): { readonly connectionId?: string } {
  return connectionId === undefined ? {} : { connectionId };
}
