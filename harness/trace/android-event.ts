import type { PushEvent } from "./push-event.ts";

/** `android.telecom.Connection`'s states that an incoming or outgoing call of an app can have, without `STATE_`. */
export type ConnectionState = "INITIALIZING" | "NEW" | "RINGING" | "DIALING" | "ACTIVE" | "HOLDING" | "DISCONNECTED";

/** Names of `android.telecom.DisconnectCause`'s constants. */
export type DisconnectCause =
  | "UNKNOWN"
  | "ERROR"
  | "LOCAL"
  | "REMOTE"
  | "CANCELED"
  | "MISSED"
  | "REJECTED"
  | "BUSY"
  | "RESTRICTED"
  | "OTHER"
  | "CONNECTION_MANAGER_NOT_SUPPORTED"
  | "ANSWERED_ELSEWHERE"
  | "CALL_PULLED";

/** What Telecom can ask of an app for its user, for another app, or for itself. */
export type TelecomAct = "answer" | "decline" | "hang-up" | "hold" | "unhold" | "abort" | "silence";

/** A call of another app: a phone call, or one of another calling app. */
export type OtherCall = "none" | "holdable" | "unholdable" | "emergency";

/** Types of foreground services a calling app has. */
export type ForegroundType = "phoneCall" | "microphone" | "camera";

export type NotificationId = string | number;
export type NotificationStyle = "CallStyle" | "standard" | "none";
export type NotificationAction = "answer" | "decline" | "hangup";

/**
 * Where the user sees it: the whole screen, over what is on it for a while, in the shade only, or on the system's own call
 * screen (`in-call`).
 */
export type Surface = "full-screen" | "heads-up" | "shade" | "in-call";

/** Everything a simulated Android phone decides, in the order it decides it. A push is named by its message id. */
export type AndroidEvent =
  | AppProcessEvent
  | PushArrival
  | TelecomEvent
  | NotificationEvent
  | ForegroundServiceEvent
  | PhoneEvent;

type PushArrival =
  | Extract<PushEvent, { readonly kind: "push.delivered" | "push.stored" | "push.dropped" }>
  | { readonly kind: "token.issued"; readonly token: string; readonly previous?: string }
  /** A notification message for an app out of sight: the system shows it, and the app is not called. */
  | { readonly kind: "push.in-tray"; readonly push: string; readonly token: string }
  /** Sent as high and treated as normal. */
  | { readonly kind: "push.deprioritised"; readonly push: string; readonly why: string }
  /** Too many waited and were thrown away: `onDeletedMessages`, for which the device link has no message. */
  | { readonly kind: "push.deleted"; readonly pushes: readonly string[] }
  /** `onMessageReceived` begins; it has `forMs` to do its work, and longer only by other means. */
  | { readonly kind: "message.window-opened"; readonly push: string; readonly forMs: number }
  /** The handler returned. */
  | { readonly kind: "message.handled"; readonly push: string }
  /** The handler failed: the app refused the message, answered nothing, or died of it. */
  | { readonly kind: "message.failed"; readonly push: string; readonly why: string }
  /** `shown`: the message led to something the user can see, which a high one has to. */
  | {
      readonly kind: "message.window-closed";
      readonly push: string;
      readonly handled: boolean;
      readonly shown: boolean;
    };

/** The app's process. */
export type AppProcessEvent =
  | { readonly kind: "app.launched"; readonly why: "user" | "push" | "boot" }
  | { readonly kind: "app.launch-failed"; readonly why: string }
  | { readonly kind: "app.foregrounded" }
  | { readonly kind: "app.backgrounded" }
  | { readonly kind: "app.suspended" }
  | { readonly kind: "app.woken"; readonly why: "push" | "user" | "telecom" | "system" }
  /** The app asked for something although no code of its ran. */
  | { readonly kind: "app.ran-while-suspended"; readonly method: string }
  /** `why`: `crashed`, or the exception the system threw, or the words of who terminated it. */
  | { readonly kind: "app.terminated"; readonly why: string; readonly message?: string };

type TelecomEvent =
  /** Telecom has taken the call. `own-ui`: it asks the user itself, as another call would have to end. */
  | { readonly kind: "telecom.call-added"; readonly connectionId: string; readonly shownBy: "app" | "telecom" }
  | { readonly kind: "telecom.refused"; readonly connectionId: string; readonly why: string }
  /** The app is asked for it by a callback: by the user outside the app, or by Telecom itself. */
  | { readonly kind: "telecom.asked"; readonly connectionId: string; readonly act: TelecomAct }
  | {
      readonly kind: "connection.state";
      readonly connectionId: string;
      readonly state: ConnectionState;
      readonly disconnectCause?: DisconnectCause;
      readonly asker: "app" | "telecom";
    }
  /** `disconnected`: a disconnect cause was set before, as it has to be. */
  | { readonly kind: "connection.destroyed"; readonly connectionId: string; readonly disconnected: boolean }
  /** A call on a connection that is disconnected or destroyed: it does nothing. */
  | {
      readonly kind: "connection.ignored";
      readonly connectionId: string;
      readonly method: string;
      readonly why: string;
    }
  /** A suspend callback of Core-Telecom failed or took too long: the call is disconnected. */
  | {
      readonly kind: "telecom.callback-failed";
      readonly connectionId: string;
      readonly callback: string;
      readonly why: string;
    }
  /** No CallStyle notification stands beside the call: Telecom no longer keeps the app in the foreground for it. */
  | { readonly kind: "telecom.priority-lost"; readonly connectionId: string }
  | { readonly kind: "telecom.priority-regained"; readonly connectionId: string };

type NotificationEvent =
  | ({ readonly kind: "notification.shown" } & ShownNotification)
  | ({ readonly kind: "notification.updated" } & ShownNotification)
  /** Posted and not shown. */
  | { readonly kind: "notification.withheld"; readonly notificationId: NotificationId; readonly why: string }
  /** A heads-up has had its time; the notification is still in the shade. */
  | { readonly kind: "notification.shaded"; readonly notificationId: NotificationId }
  | { readonly kind: "notification.cancelled"; readonly notificationId: NotificationId; readonly why: string }
  | {
      readonly kind: "notification.tapped";
      readonly notificationId: NotificationId;
      readonly action: NotificationAction;
    }
  /** The user is offered to answer: by the app's notification, or by the system's own incoming call screen (`telecom`). */
  | ({ readonly kind: "ringing.shown"; readonly why: "notification" | "telecom"; readonly surface: Surface } & Rung)
  /** The volume key: no sound any more, the call stays. */
  | ({ readonly kind: "ringing.silenced" } & Rung)
  | ({ readonly kind: "ringing.ended"; readonly why: string } & Rung);

interface ShownNotification {
  readonly notificationId: NotificationId;
  readonly style: NotificationStyle;
  readonly surface: Surface;
  readonly fullScreenIntent: boolean;
  readonly actions: readonly string[];
  /** The call it is taken to be about. */
  readonly connectionId?: string;
}

interface Rung {
  readonly connectionId?: string;
  readonly notificationId?: NotificationId;
}

type ForegroundServiceEvent =
  | { readonly kind: "service.started"; readonly types: readonly ForegroundType[] }
  /** `exception`: what `startForeground` threw. */
  | {
      readonly kind: "service.refused";
      readonly types: readonly ForegroundType[];
      readonly exception: string;
      readonly why: string;
    }
  | { readonly kind: "service.timed-out" }
  | { readonly kind: "service.stopped"; readonly why: string };

type PhoneEvent =
  | { readonly kind: "doze.entered" }
  | { readonly kind: "doze.left" }
  | { readonly kind: "task.removed" }
  | { readonly kind: "other-call.changed"; readonly otherCall: OtherCall }
  | { readonly kind: "wake-lock.acquired"; readonly held: number }
  | { readonly kind: "wake-lock.released"; readonly held: number }
  /** The app told of it; `callState` is that of its connection as Telecom saw it at that moment. */
  | ({ readonly kind: "media.started" } & AndroidMediaNews)
  | ({ readonly kind: "media.stopped" } & AndroidMediaNews);

interface AndroidMediaNews {
  readonly callUUID: string;
  readonly callState: ConnectionState | "none";
}
