import type { EmitIosEvent } from "./emit-ios-event.ts";
import type { Clock } from "../../harness/clock/clock.ts";
import type { AppReply } from "../device-link/ask-app.ts";
import { rpcCodes } from "../device-link/json-rpc.ts";
import type { IosApp } from "./ios-app.ts";
import type { IosNumbers } from "./ios-numbers.ts";

/** A VoIP push as the system got it. */
export interface IosPush {
  /** Of this delivery: two copies of one push are two ids. */
  readonly id: string;
  readonly payload: unknown;
  /**
   * What the app is told about reporting a call, and what is enforced.
   *
   * @default not told before iOS 26.4; not enforced in the foreground, nor with a call of any state, which is the lenient reading:
   *   a real phone decides by what its call service happens to know (Apple DTS, forum thread 817976)
   */
  readonly mustReport?: boolean;
}

export interface PushRegistryOptions {
  readonly app: IosApp;
  readonly clock: Clock;
  readonly numbers: IosNumbers;
  readonly emit: EmitIosEvent;
  readonly osVersion: string;
  readonly token: string;
  readonly hasCall: () => boolean;
}

/**
 * The push registry of the app and the system service behind it: tokens, delivery, and the enforcement of the report (Apple,
 * "Responding to VoIP Notifications from PushKit"; what is enforced when: Apple DTS, forum threads 817976 and 768136). Any report
 * counts, also one the system refuses (that is unverified). The delegate has one queue: a push is handed over once the delegate
 * method of the one before it has returned.
 */
export interface PushRegistry {
  /** The newest one, undefined while it is void. */
  token(): string | undefined;
  rotate(token: string): void;
  invalidate(): void;
  /** Starts the app where it is not running. */
  deliver(push: IosPush): void;
  /** A report of a new call came, refused or not. Tells whether a push waited for it. */
  reported(): boolean;
  /** The completion handler was called; false for a push this process never got. */
  completed(pushId: string): boolean;
  launched(): void;
  launchFailed(): void;
  /** The process is gone. */
  gone(why: string): void;
  /** Pushes that the process did not get any more start the next one. */
  resume(): void;
  close(): void;
}

interface Handed {
  readonly id: string;
  readonly mustReport: boolean;
  hasReturned: boolean;
  isReported: boolean;
  completions: number;
  readonly stopCheck: () => void;
}

export function pushRegistry(options: PushRegistryOptions): PushRegistry {
  const { app, clock, numbers, emit } = options;
  let token: string | undefined = options.token;
  let waiting: readonly IosPush[] = [];
  let handed: readonly Handed[] = [];
  let unreported = 0;
  let isBlocked = false;

  const handToken = (): void => {
    if (token !== undefined) app.call("pushRegistry.didUpdatePushCredentials", { type: "voip", token });
  };
  const withhold = (pushes: readonly IosPush[], why: "too-many-unreported" | "launch-failed"): void => {
    for (const { id } of pushes) emit({ kind: "push.withheld", push: id, why });
  };

  function note(push: Handed, check: "delegate" | "service" | "crash"): void {
    unreported += 1;
    emit({ kind: "push.unreported", push: push.id, check, count: unreported });
    if (unreported < numbers.unreportedPushLimit || isBlocked) return;
    isBlocked = true;
    emit({ kind: "push.blocked", count: unreported });
    const kept = waiting;
    waiting = [];
    withhold(kept, "too-many-unreported");
  }
  function punish(push: Handed, check: "delegate" | "service"): void {
    if (push.isReported || !handed.includes(push)) return;
    push.stopCheck();
    // What is punished is no longer open: the end of the process must not count it again.
    handed = handed.filter((other) => other !== push);
    note(push, check);
    app.terminate("unreported-push");
  }

  function handOver(): void {
    const [push, ...rest] = waiting;
    const canHear = app.state() !== "not-running" && app.state() !== "launching";
    if (push === undefined || !canHear || handed.some(({ hasReturned }) => !hasReturned)) return;
    waiting = rest;
    const isExempt = app.state() === "foreground" || options.hasCall();
    const mustReport = push.mustReport ?? !isExempt;
    const told = push.mustReport ?? (tellsMustReport(options.osVersion) ? mustReport : undefined);
    const toldField = told === undefined ? {} : { mustReport: told };
    const open: Handed = {
      id: push.id,
      mustReport,
      hasReturned: false,
      isReported: false,
      completions: 0,
      stopCheck: mustReport ? clock.after(numbers.reportServiceMs, () => punish(open, "service")) : () => {},
    };
    handed = [...handed, open];
    emit({ kind: "push.received", push: push.id, mustReport, ...(told === undefined ? {} : { told }) });
    const params = { pushId: push.id, type: "voip", payload: push.payload, ...toldField } as const;
    app.call("pushRegistry.didReceiveIncomingPush", params, "push", {
      onReply(reply) {
        // A crash settles its requests before the link tells of it, and a process that was terminated has returned nothing.
        if (!handed.includes(open) || reply.kind === "lost" || isCrash(reply)) return;
        open.hasReturned = true;
        if (reply.kind !== "timed-out") {
          emit({ kind: "push.returned", push: push.id, reported: open.isReported });
          if (mustReport && numbers.delegateReturnCheck !== 0) punish(open, "delegate");
        }
        handOver();
      },
    });
  }

  return {
    token() {
      return token;
    },
    rotate(next) {
      const previous = token;
      token = next;
      emit({ kind: "token.issued", token: next, ...(previous === undefined ? {} : { previous }) });
      // A process that is being launched is told with the others, when its launch code has run.
      if (app.state() !== "launching") handToken();
    },
    invalidate() {
      if (token === undefined) return;
      emit({ kind: "token.invalidated", token });
      token = undefined;
      if (app.state() !== "launching") app.call("pushRegistry.didInvalidatePushToken", { type: "voip" });
    },
    deliver(push) {
      if (isBlocked) return withhold([push], "too-many-unreported");
      waiting = [...waiting, push];
      if (app.state() === "not-running") app.launch("push");
      else handOver();
    },
    reported() {
      const first = handed.find(
        ({ mustReport, hasReturned, isReported }) => !isReported && (mustReport || !hasReturned),
      );
      if (first === undefined) return false;
      first.isReported = true;
      first.stopCheck();
      return true;
    },
    completed(pushId) {
      const own = handed.filter(({ id }) => id === pushId);
      const one = own.find(({ completions }) => completions === 0) ?? own.at(-1);
      if (one === undefined) return false;
      one.completions += 1;
      emit({ kind: "push.completed", push: pushId, times: one.completions });
      return true;
    },
    launched() {
      handToken();
      handOver();
    },
    launchFailed() {
      const lost = waiting;
      waiting = [];
      withhold(lost, "launch-failed");
    },
    gone(why) {
      const open = handed;
      handed = [];
      for (const push of open) {
        push.stopCheck();
        if (why === "crashed" && push.mustReport && !push.isReported) note(push, "crash");
      }
    },
    resume() {
      if (waiting.length > 0) app.launch("push");
    },
    close() {
      for (const push of handed) push.stopCheck();
      handed = [];
      waiting = [];
    },
  };
}

function isCrash(reply: AppReply<"pushRegistry.didReceiveIncomingPush">): boolean {
  return reply.kind === "error" && reply.error.code === rpcCodes.deviceNotLaunched;
}

/** From iOS 26.4 on the delegate is told (PushKit, `PKVoIPPushMetadata.mustReport`). */
function tellsMustReport(osVersion: string): boolean {
  const [major = 0, minor = 0] = osVersion.split(".").map(Number);
  return major > 26 || (major === 26 && minor >= 4);
}
