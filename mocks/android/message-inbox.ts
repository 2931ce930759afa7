import type { EmitAndroidEvent } from "./emit-android-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import { fcmDeviceStore } from "../fcm/device-store.ts";
import type { AndroidNumbers } from "./android-numbers.ts";
import type { AndroidSettings } from "./android-settings.ts";
import { whyDeprioritised } from "./message-priority.ts";
import type { MessageWindows } from "./message-windows.ts";

/** A message as FCM has accepted it. */
export interface SentMessage {
  /** Unique on this phone; the `push` of the events. */
  readonly messageId: string;
  /** The token it was sent to. */
  readonly token: string;
  readonly data: Readonly<Record<string, string>>;
  /** Present: a notification message. */
  readonly notification?: Readonly<Record<string, unknown>>;
  readonly priority: "high" | "normal";
  /** Unix milliseconds. */
  readonly sentTimeMs: number;
  /** 0: now or never. */
  readonly ttlMs: number;
  readonly collapseKey?: string;
  /** More than one: FCM delivers it again. @default 1 */
  readonly copies?: number;
}

/** FCM's way to the phone: what is delivered when, and what waits for how long. */
export interface MessageInbox {
  receive(message: SentMessage): void;
  /** The phone can be reached again, or Doze has ended. */
  retry(): void;
}

export interface MessageInboxOptions {
  readonly clock: Clock;
  readonly numbers: AndroidNumbers;
  readonly settings: () => AndroidSettings;
  readonly token: () => string;
  /** The user forced the app to stop; it gets nothing until it is opened. */
  readonly isForceStopped: () => boolean;
  readonly isVisible: () => boolean;
  readonly windows: MessageWindows;
  readonly emit: EmitAndroidEvent;
  /** Calls the app. */
  readonly handOver: (message: SentMessage, priority: "high" | "normal") => void;
}

/** FCM stores per registration; a phone has one at a time. */
const SLOT = "phone";

/**
 * What FCM and power management do with a message (Firebase, "Set and manage Android message priority", "Set the lifespan of a
 * message", "Receive messages in Android apps"): high wakes the phone, normal waits in Doze for a maintenance window, what has
 * no lifespan is not kept, and a notification for an app out of sight goes to the tray. That a force-stopped app gets nothing
 * is unverified.
 */
export function messageInbox(options: MessageInboxOptions): MessageInbox {
  const { clock, numbers, settings, token, isForceStopped, isVisible, windows, emit, handOver } = options;
  const store = fcmDeviceStore<SentMessage>();
  let cancelMaintenance: (() => void) | undefined;

  const epochMs = (): number => clock.epochMs + clock.now();
  const drop = ({ messageId, token }: SentMessage, why: string): void =>
    emit({ kind: "push.dropped", push: messageId, token, why });

  function attempt(message: SentMessage, isMaintenance: boolean): void {
    const { messageId, sentTimeMs, ttlMs } = message;
    if (message.token !== token()) return drop(message, "the token is no longer the phone's");
    if (isForceStopped()) return drop(message, "the app was forced to stop");
    if (ttlMs > 0 && epochMs() > sentTimeMs + ttlMs) return drop(message, "expired before delivery");
    if (!settings().network) return void keep(message, "the phone has no network");
    const why =
      message.priority === "high" ? whyDeprioritised(windows.history, settings(), numbers, clock.now()) : undefined;
    if (why !== undefined) emit({ kind: "push.deprioritised", push: messageId, why });
    const priority = why === undefined ? message.priority : "normal";
    if (settings().doze && priority === "normal" && !isMaintenance && !windows.isHighOpen()) {
      if (keep(message, "the phone is in Doze"))
        cancelMaintenance ??= clock.after(numbers.dozeMaintenanceWindowMs, maintenance);
      return;
    }
    deliver(message, priority);
  }

  function keep(message: SentMessage, why: string): boolean {
    const { messageId: push, token, data, priority, sentTimeMs, ttlMs, collapseKey } = message;
    const {
      isKept,
      replaced,
      discarded = [],
    } = store.keep(SLOT, {
      push: message,
      delivery: {
        payload: data,
        priority,
        stored: ttlMs > 0,
        expiresAtMs: sentTimeMs + ttlMs,
        ...(collapseKey === undefined ? {} : { slot: collapseKey }),
      },
    });
    for (const one of discarded) drop(one, "thrown away: too many waited");
    if (discarded.length > 0) emit({ kind: "push.deleted", pushes: discarded.map(({ messageId }) => messageId) });
    if (!isKept) {
      if (!discarded.includes(message)) drop(message, `${why}, and it was not to be stored`);
      return false;
    }
    emit({
      kind: "push.stored",
      push,
      token,
      why,
      ...(replaced === undefined ? {} : { replaces: replaced.messageId }),
    });
    if (replaced !== undefined) drop(replaced, `replaced by ${push}`);
    return true;
  }

  function release(isMaintenance: boolean): void {
    const { deliver: kept, expired } = store.release(SLOT, epochMs());
    for (const { push } of expired) drop(push, "expired before delivery");
    for (const { push } of kept) attempt(push, isMaintenance);
  }

  /** A phone in Doze looks for its messages now and then. */
  function maintenance(): void {
    cancelMaintenance = undefined;
    release(true);
  }

  function deliver(message: SentMessage, priority: "high" | "normal"): void {
    const { messageId: push, token, data: payload, copies = 1 } = message;
    if (message.notification !== undefined && !isVisible()) {
      windows.inTray(priority);
      return emit({ kind: "push.in-tray", push, token });
    }
    for (let copy = 1; copy <= copies; copy += 1) {
      emit({ kind: "push.delivered", push, token, copy, payload, priority });
      handOver(message, priority);
    }
  }

  return {
    receive: (message) => attempt(message, false),
    retry: () => release(false),
  };
}
