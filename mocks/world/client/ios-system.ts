import type { Clock } from "../../../harness/clock/clock.ts";
import type { PhoneSettings } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { CallRef } from "../../../harness/trace/trace-event.ts";
import type { LinkAccount } from "../../device-link/messages.ts";
import type { IosAppState } from "../../ios/ios-app.ts";
import type { IosConditions } from "../../ios/ios-conditions.ts";
import { iosDevice } from "../../ios/ios-device.ts";
import { iosNumbers } from "../../ios/ios-numbers.ts";
import type { CallNames } from "./call-names.ts";
import type { EmitSystemEvent, OfferedAct, PhoneSystem } from "./phone-system.ts";

export interface SystemOptions {
  readonly clock: Clock;
  readonly facts: RunFacts;
  readonly settings: PhoneSettings;
  readonly account: LinkAccount | null;
  readonly token: string;
  readonly push: { readonly provider: string; readonly param: string };
  /** Numbers and addresses of the callers of the plan. */
  readonly callers: readonly string[];
  readonly names: CallNames;
  readonly emit: EmitSystemEvent;
}

/** A simulated iPhone under the words of a plan. */
export function iosSystem(options: SystemOptions): PhoneSystem {
  const { clock, facts, settings, names, emit, callers } = options;
  const { osVersion } = settings;
  const device = iosDevice({
    clock,
    numbers: iosNumbers(facts.os),
    token: options.token,
    account: options.account,
    push: options.push,
    ...(osVersion === undefined ? {} : { osVersion }),
    conditions: conditionsOf(settings, callers),
    emit(event) {
      if (event.kind === "action.performed") names.acted(event.action, event.callUUID);
      if (event.kind === "push.received") names.handed(event.push);
      if (event.kind === "push.returned") names.returned(event.push);
      emit(event);
    },
  });

  /** The newest call of the phone that is this one of the plan. */
  const callOf = (call: CallRef, fits: (state: string) => boolean) =>
    device.calls().findLast(({ callUUID, state }) => names.callOf({ callUUID }) === call && fits(state));

  const onScreen = (play: () => boolean): OfferedAct => ({ through: "call-screen", play });

  return {
    system: device.system,
    plugIn: (line) => device.plugIn(line),
    phase() {
      return phases[device.app()];
    },
    passesPackets: () => true,
    open: () => device.foreground(),
    background: () => device.background(),
    suspend: () => device.suspend(),
    kill: () => device.terminate("ended by the system"),
    changeAccount: (account) => device.changeAccount(account),
    token() {
      return device.token();
    },
    rotateToken: (token) => device.rotateToken(token),
    invalidateToken: () => device.invalidateToken(),
    setNetwork: (reachable, networkInterface) => device.changeNetwork(reachable, networkInterface),
    resetProvider: () => device.resetProvider(),
    removeTask: () => {},
    enterDoze: () => {},
    change: (changed) => device.change(conditionsOf(changed, callers)),
    deliver: ({ id, payload, mustReport }) =>
      device.deliver({ id, payload, ...(mustReport === undefined ? {} : { mustReport }) }),
    offer(act, call, { others = "hold" } = {}) {
      switch (act) {
        case "answer":
        case "decline": {
          const ringing = callOf(call, (state) => state === "ringing")?.callUUID;
          if (ringing === undefined) return undefined;
          return onScreen(() =>
            act === "answer" ? device.user.answer(ringing, others) : device.user.decline(ringing),
          );
        }
        case "hang-up": {
          const there = callOf(call, (state) => state !== "ringing" && state !== "ending")?.callUUID;
          return there === undefined ? undefined : onScreen(() => device.user.hangUp(there));
        }
        case "hold":
        case "unhold": {
          const there = callOf(call, (state) => state === "connected" || state === "connecting")?.callUUID;
          return there === undefined ? undefined : onScreen(() => device.user.setHeld(there, act === "hold"));
        }
      }
    },
    calls() {
      return device.calls().map(({ callUUID }) => names.callOf({ callUUID }));
    },
    close: () => device.close(),
  };
}

const phases: Readonly<Record<IosAppState, ReturnType<PhoneSystem["phase"]>>> = {
  "not-running": "off",
  launching: "starting",
  foreground: "running",
  background: "running",
  suspended: "suspended",
};

function conditionsOf(
  { doNotDisturb, blocksCallers, audioHeld }: PhoneSettings,
  callers: readonly string[],
): Partial<IosConditions> {
  return {
    ...(doNotDisturb === undefined ? {} : { doNotDisturb }),
    ...(blocksCallers === undefined ? {} : { blocked: blocksCallers ? callers : [] }),
    ...(audioHeld === undefined ? {} : { activatesAudio: !audioHeld }),
  };
}
