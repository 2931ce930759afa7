import type { AndroidState, PhoneSettings } from "../../../harness/plan/plan.ts";
import type { TelecomStyle } from "../../../harness/trace/run-facts.ts";
import type { CallRef } from "../../../harness/trace/trace-event.ts";
import { androidDevice } from "../../android/android-device.ts";
import { androidNumbers } from "../../android/android-numbers.ts";
import type { AndroidSettings } from "../../android/android-settings.ts";
import type { ProcessState } from "../../android/app-process.ts";
import type { LiveCall } from "../../android/telecom-calls.ts";
import type { SystemOptions } from "./ios-system.ts";
import type { ActChoice, OfferedAct, PhoneSystem, UserActKind } from "./phone-system.ts";

/** How long FCM keeps a message about a call: as long as somebody lets it ring. */
const TTL_MS = 60_000;

const buttons = { answer: "answer", decline: "decline", "hang-up": "hangup" } as const;

/** A simulated Android phone under the words of a plan. */
export function androidSystem(
  options: SystemOptions & { readonly telecom: TelecomStyle; readonly power: AndroidState | undefined },
): PhoneSystem {
  const { clock, facts, settings, names, emit, telecom } = options;
  const { osVersion } = settings;
  const device = androidDevice({
    clock,
    numbers: androidNumbers(facts.os),
    settings: {
      ...settingsOf(settings),
      deprioritised: options.power?.deprioritised ?? false,
      otherCall: settings.otherCall ?? "none",
    },
    telecom,
    token: options.token,
    account: options.account,
    push: options.push,
    ...(osVersion === undefined ? {} : { osVersion }),
    emit(event) {
      if (event.kind === "message.window-opened") names.handed(event.push);
      if (event.kind === "message.handled" || event.kind === "message.failed") names.returned(event.push);
      emit(event);
    },
  });

  /** The newest call in Telecom that is this one of the plan. */
  const connectionOf = (call: CallRef, fits: (live: LiveCall) => boolean): string | undefined =>
    device.calls().find((live) => names.callOf({ connectionId: live.connectionId }) === call && fits(live))
      ?.connectionId;

  function throughNotification(act: keyof typeof buttons, call: CallRef): OfferedAct | undefined {
    const shown = device
      .notifications()
      .findLast(
        ({ actions, notificationId, connectionId }) =>
          actions.includes(buttons[act]) && names.callOf({ connectionId, notificationId }) === call,
      );
    if (shown === undefined) return undefined;
    const tapped = { notificationId: shown.notificationId, through: "notification" } as const;
    return { through: "notification", play: () => actOf(act, tapped) };
  }

  function throughTelecom(act: UserActKind, call: CallRef): OfferedAct | undefined {
    const connectionId = connectionOf(call, ({ state }) => fits[act](state));
    if (connectionId === undefined) return undefined;
    const { user } = device;
    return {
      through: "telecom",
      play() {
        if (act === "hold") return user.hold(connectionId).kind === "done";
        if (act === "unhold") return user.unhold(connectionId).kind === "done";
        return actOf(act, { connectionId, through: "telecom" });
      },
    };
  }

  function actOf(act: keyof typeof buttons, how: Parameters<typeof device.user.answer>[0]): boolean {
    const { user } = device;
    const outcome = act === "answer" ? user.answer(how) : act === "decline" ? user.decline(how) : user.hangUp(how);
    return outcome.kind === "done";
  }

  function offer(act: UserActKind, call: CallRef, { through }: ActChoice = {}): OfferedAct | undefined {
    if (act === "hold" || act === "unhold") return throughTelecom(act, call);
    const first = through ?? (telecom === "managed" ? "telecom" : "notification");
    const offered = first === "notification" ? throughNotification(act, call) : throughTelecom(act, call);
    if (offered !== undefined || through !== undefined) return offered;
    return first === "notification" ? throughTelecom(act, call) : undefined;
  }

  return {
    system: device.system,
    plugIn: (line) => device.plugIn(line),
    phase() {
      return phases[device.app()];
    },
    passesPackets() {
      // What a sleeping app does not read is not lost, and a network that is gone is not the system's doing.
      return phases[device.app()] !== "running" || !device.settings().network || device.hasNetwork();
    },
    open: () => device.foreground(),
    background: () => device.background(),
    suspend: () => device.suspend(),
    kill: () => device.terminate("ended by the system"),
    changeAccount: (account) => device.changeAccount(account),
    token() {
      return device.token();
    },
    rotateToken: (token) => device.rotateToken(token),
    invalidateToken: () => {},
    setNetwork: (reachable, networkInterface) => device.setNetwork(reachable, networkInterface),
    resetProvider: () => {},
    removeTask: () => device.removeTask(),
    enterDoze: () => device.setDoze(true),
    change(changed) {
      const { otherCall } = changed;
      device.change(settingsOf(changed));
      if (otherCall !== undefined) device.setOtherCall(otherCall);
    },
    deliver: ({ id, payload, priority }) =>
      device.deliver({
        messageId: id,
        token: device.token(),
        data: payload as Readonly<Record<string, string>>,
        priority,
        sentTimeMs: clock.epochMs + clock.now(),
        ttlMs: TTL_MS,
      }),
    offer,
    calls() {
      if (telecom !== "none") return device.calls().map(({ connectionId }) => names.callOf({ connectionId }));
      return device
        .notifications()
        .filter(({ actions }) => actions.some((action) => action === "answer" || action === "hangup"))
        .map(({ notificationId }) => names.callOf({ notificationId }));
    },
    close: () => device.close(),
  };
}

const phases: Readonly<Record<ProcessState, ReturnType<PhoneSystem["phase"]>>> = {
  dead: "off",
  ending: "off",
  starting: "starting",
  foreground: "running",
  background: "running",
  suspended: "suspended",
};

/** Which calls in Telecom an act is for. */
const fits: Readonly<Record<UserActKind, (state: string) => boolean>> = {
  answer: isBeforeAnswer,
  decline: isBeforeAnswer,
  "hang-up": (state) => state === "ACTIVE" || state === "HOLDING",
  hold: (state) => state === "ACTIVE",
  unhold: (state) => state === "HOLDING",
};

function isBeforeAnswer(state: string): boolean {
  return state === "INITIALIZING" || state === "NEW" || state === "RINGING";
}

function settingsOf(
  settings: PhoneSettings,
): Partial<Pick<AndroidSettings, "locked" | "postNotifications" | "fullScreenIntent" | "manageOwnCalls">> {
  const { locked, postNotifications, fullScreenIntent, manageOwnCalls } = settings;
  return {
    ...(locked === undefined ? {} : { locked }),
    ...(postNotifications === undefined ? {} : { postNotifications }),
    ...(fullScreenIntent === undefined ? {} : { fullScreenIntent }),
    ...(manageOwnCalls === undefined ? {} : { manageOwnCalls }),
  };
}
