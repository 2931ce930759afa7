import type { NotificationAction, NotificationId, TelecomAct } from "../../harness/trace/android-event.ts";
import type { EmitAndroidEvent } from "./emit-android-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import type { AndroidNumbers } from "./android-numbers.ts";
import type { TelecomStyle } from "./android-settings.ts";
import type { AppProcess } from "./app-process.ts";
import type { NotificationShade } from "./notification-shade.ts";
import type { TelecomCalls } from "./telecom-calls.ts";

/** What the user does about a call. */
export interface ActOptions {
  /** The call; absent: the newest one the act fits. */
  readonly connectionId?: string;
  /** The notification; absent: the newest one that offers the act. */
  readonly notificationId?: NotificationId;
  /**
   * The app's notification, or Telecom: the system's screen, a headset, a watch. One act goes one way.
   *
   * @default the notification where one offers the act, else Telecom
   */
  readonly through?: "notification" | "telecom";
}

export type ActOutcome =
  | { readonly kind: "done"; readonly through: "notification" | "telecom" }
  /** There is nothing to tap, and no such call. */
  | { readonly kind: "impossible" };

/** The user's hand on the phone. */
export interface UserActs {
  answer(options?: ActOptions): ActOutcome;
  decline(options?: ActOptions): ActOutcome;
  hangUp(options?: ActOptions): ActOutcome;
  /** Through Telecom, as are the next three. `abort` is Telecom's own doing. */
  hold(connectionId?: string): ActOutcome;
  unhold(connectionId?: string): ActOutcome;
  abort(connectionId?: string): ActOutcome;
  /** The volume key while it rings. */
  silence(): ActOutcome;
}

interface Parts {
  readonly clock: Clock;
  readonly numbers: AndroidNumbers;
  readonly telecomStyle: TelecomStyle;
  readonly telecom: TelecomCalls;
  readonly shade: NotificationShade;
  readonly process: AppProcess;
  readonly emit: EmitAndroidEvent;
  /** Somebody holds the phone. */
  readonly wakeUp: () => void;
  /** What the act lets the app do begins or ends. */
  readonly onChange: () => void;
}

/** Which calls an act is for, when none is named. */
const fits: Readonly<Record<TelecomAct, (state: string) => boolean>> = {
  answer: (state) => isBeforeAnswer(state),
  decline: (state) => isBeforeAnswer(state),
  silence: (state) => isBeforeAnswer(state),
  abort: (state) => isBeforeAnswer(state),
  "hang-up": (state) => state === "ACTIVE" || state === "HOLDING" || state === "DIALING",
  hold: (state) => state === "ACTIVE",
  unhold: (state) => state === "HOLDING",
};

const buttons = { answer: "answer", decline: "decline", "hang-up": "hangup" } as const;

export function userActs({ clock, numbers, telecomStyle, telecom, shade, process, emit, wakeUp, onChange }: Parts): {
  readonly acts: UserActs;
  /** A notification was tapped a moment ago. */
  isRecent(): boolean;
  /** A call was answered a moment ago. */
  hasAnsweredRecently(): boolean;
} {
  let actedUntilMs = -Infinity;
  let answeredUntilMs = -Infinity;

  function tap(action: NotificationAction, options: ActOptions): boolean {
    const shown = shade.offering(action, options);
    if (shown === undefined) return false;
    const { notificationId, connectionId } = shown;
    wakeUp();
    emit({ kind: "notification.tapped", notificationId, action });
    process.run("user", () => {
      const untilMs = clock.now() + numbers.userActionMs;
      actedUntilMs = untilMs;
      clock.after(numbers.userActionMs, onChange);
      onChange();
      if (action === "answer") {
        answeredUntilMs = untilMs;
        if (connectionId !== undefined) telecom.answeredInApp(connectionId);
      }
      process.ask("notification.action", { notificationId, action });
    });
    return true;
  }

  function askTelecom(act: TelecomAct, named: string | undefined): boolean {
    const connectionId = named ?? telecom.live().find(({ state }) => fits[act](state))?.connectionId;
    if (connectionId === undefined || !telecom.live().some((call) => call.connectionId === connectionId)) return false;
    let isAsked = false;
    process.run("telecom", () => {
      isAsked = telecom.act(act, connectionId);
    });
    return isAsked;
  }

  function act(what: keyof typeof buttons, options: ActOptions = {}): ActOutcome {
    const { through, connectionId } = options;
    const mayTap = through === "notification" || (through === undefined && telecomStyle !== "managed");
    if (mayTap && tap(buttons[what], options)) return { kind: "done", through: "notification" };
    if (through === "notification") return { kind: "impossible" };
    if (!askTelecom(what, connectionId)) return { kind: "impossible" };
    wakeUp();
    return { kind: "done", through: "telecom" };
  }

  const throughTelecom = (what: TelecomAct, connectionId?: string): ActOutcome =>
    askTelecom(what, connectionId) ? { kind: "done", through: "telecom" } : { kind: "impossible" };

  return {
    acts: {
      answer: (options) => act("answer", options),
      decline: (options) => act("decline", options),
      hangUp: (options) => act("hang-up", options),
      hold: (connectionId) => throughTelecom("hold", connectionId),
      unhold: (connectionId) => throughTelecom("unhold", connectionId),
      abort: (connectionId) => throughTelecom("abort", connectionId),
      silence() {
        shade.silence();
        return throughTelecom("silence");
      },
    },
    isRecent() {
      return clock.now() < actedUntilMs;
    },
    hasAnsweredRecently() {
      return clock.now() < answeredUntilMs;
    },
  };
}

function isBeforeAnswer(state: string): boolean {
  return state === "INITIALIZING" || state === "NEW" || state === "RINGING";
}
