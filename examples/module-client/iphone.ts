import { randomUUID } from "node:crypto";
import type { Clock } from "ringtrue";
import type { Account, Leg, Signalling, SignallingEvents } from "./signalling.ts";

type Params = Readonly<Record<string, unknown>>;
type Reply = { readonly error?: { readonly code: number; readonly data?: unknown } };

/** What one process of the app is given. */
export interface Process {
  readonly clock: Clock;
  /** Asks RingTrue; what is asked stays asked when the process ends. */
  readonly ask: (method: string, params: Params, replied?: (reply: Reply) => void) => void;
  readonly tell: (method: string, params: Params) => void;
  readonly signalling: (account: Account, events: SignallingEvents) => Signalling;
}

interface Call {
  readonly uuid: string;
  /** What ties push and INVITE together in this app's dialect: the Call-ID. */
  callId: string | undefined;
  handle: string | undefined;
  name: string | undefined;
  video: boolean;
  leg: Leg | undefined;
  state: "new" | "ringing" | "answered" | "connected";
  ended: string | undefined;
  hasMedia: boolean;
  /** CallKit's answer action, fulfilled once the call is connected. */
  answer: string | undefined;
  stopWaiting: () => void;
}

/** From a push to the end of a call whose INVITE never came. */
const INVITE_WAIT_MS = 20_000;
/** CXErrorCodeIncomingCallError.callUUIDAlreadyExists */
const ALREADY_EXISTS = 2;

/** The app on an iPhone: a state machine that hears of pushes, of CallKit and of its SIP side. Gives what handles RingTrue's requests. */
export function iphone(
  { clock, ask, tell, signalling }: Process,
  loggedIn: Account | null,
): {
  handle(method: string, params: Params): void;
  changeAccount(account: Account | null): void;
  close(): void;
} {
  const calls: Call[] = [];
  let token: string | undefined;
  let isAudioActive = false;
  let lostNetwork: unknown;
  let line = open(loggedIn);

  function open(account: Account | null): Signalling | undefined {
    if (account === null) return undefined;
    return signalling(account, {
      onInvite: invited,
      onRefused() {
        for (const call of calls) if (call.ended === undefined && call.leg === undefined) finish(call, "failed");
      },
    });
  }

  function newCall(known: Partial<Call>): Call {
    const call: Call = {
      uuid: randomUUID(),
      callId: undefined,
      handle: undefined,
      name: undefined,
      video: false,
      leg: undefined,
      state: "new",
      ended: undefined,
      hasMedia: false,
      answer: undefined,
      stopWaiting: () => {},
      ...known,
    };
    calls.push(call);
    return call;
  }

  function report(call: Call, done: () => void = () => {}): void {
    ask("provider.reportNewIncomingCall", { uuid: call.uuid, update: updateOf(call) }, ({ error }) => {
      done();
      const code = (error?.data as { readonly code?: number } | undefined)?.code;
      if (call.ended !== undefined || code === ALREADY_EXISTS) return;
      if (error === undefined) shown(call);
      else end(call, "failed", 486);
    });
  }
  function shown(call: Call): void {
    if (call.state !== "new") return;
    call.state = "ringing";
    call.leg?.ring();
  }

  function pushed({ pushId, payload, mustReport }: Params): void {
    const { callId, callUUID, handle, callerName, hasVideo } = recordOf(payload);
    const complete = (): void => ask("pushRegistry.completion", { pushId });
    const hasKey = typeof callId === "string" || typeof callUUID === "string";
    const known = calls.find((call) => hasKey && call.callId === callId);
    if (mustReport === false) complete();
    else if (!hasKey) {
      const nobody = newCall({ ended: "failed" });
      report(nobody, complete);
      ask("provider.reportCallEnded", { uuid: nobody.uuid, reason: "failed" });
    } else if (known !== undefined) {
      report(known, complete);
      if (known.ended !== undefined) ask("provider.reportCallEnded", { uuid: known.uuid, reason: known.ended });
    } else {
      const call = newCall({
        ...(isUuid(callUUID) ? { uuid: callUUID } : {}),
        callId: textOf(callId),
        handle: textOf(handle),
        name: textOf(callerName),
        video: hasVideo === true || hasVideo === "true",
      });
      call.stopWaiting = clock.after(INVITE_WAIT_MS, () =>
        finish(call, call.state === "answered" ? "failed" : "unanswered"),
      );
      report(call, complete);
    }
    line?.register(token);
  }

  function invited(leg: Leg): void {
    const known = calls.find(({ callId }) => callId === leg.callId);
    if (known !== undefined && (known.ended !== undefined || known.leg !== undefined)) return leg.end(480);
    const { user, name } = leg.caller;
    const call = known ?? newCall({ callId: leg.callId, handle: user, name, video: leg.video });
    call.leg = leg;
    call.stopWaiting();
    leg.onConnected = () => connected(call);
    leg.onEnded = (why) => finish(call, why);
    if (known === undefined) return report(call);
    if (call.handle === undefined) {
      Object.assign(call, { handle: user, name });
      ask("provider.reportCallUpdated", { uuid: call.uuid, update: updateOf(call) });
    }
    if (call.state === "answered") leg.accept();
    else if (call.state === "ringing") leg.ring();
  }

  function connected(call: Call): void {
    call.state = "connected";
    if (call.answer !== undefined) ask("action.fulfill", { actionId: call.answer });
    call.answer = undefined;
    checkMedia();
  }

  /** It is over, and CallKit does not know yet. */
  function finish(call: Call, reason: string): void {
    if (call.ended !== undefined) return;
    end(call, reason, 480);
    ask("provider.reportCallEnded", { uuid: call.uuid, reason });
  }
  function end(call: Call, reason: string, status: number): void {
    if (call.ended !== undefined) return;
    call.ended = reason;
    call.stopWaiting();
    call.leg?.end(status);
    checkMedia();
  }

  function perform({ id, type, callUUID, onHold }: Params): void {
    const call = calls.find(({ uuid, ended }) => ended === undefined && isSame(uuid, callUUID));
    if (call === undefined) return ask("action.fail", { actionId: id });
    if (type === "answer") {
      call.answer = String(id);
      call.state = "answered";
      return call.leg?.accept();
    }
    if (type === "end") end(call, "remoteEnded", 603);
    if (type === "setHeld") call.leg?.hold(onHold === true);
    ask("action.fulfill", { actionId: id });
  }

  function checkMedia(): void {
    for (const call of calls) {
      const wants = call.ended === undefined && call.state === "connected" && isAudioActive;
      if (call.hasMedia === wants) continue;
      call.hasMedia = wants;
      tell(wants ? "media.started" : "media.stopped", { callUUID: call.uuid });
    }
  }

  return {
    handle(method, params) {
      switch (method) {
        case "pushRegistry.didReceiveIncomingPush":
          return pushed(params);
        case "pushRegistry.didUpdatePushCredentials":
          token = String(params["token"]);
          return line?.register(token);
        case "pushRegistry.didInvalidatePushToken":
          token = undefined;
          return line?.register(token);
        case "provider.perform":
          return perform(recordOf(params["action"]));
        case "provider.timedOutPerforming":
          for (const call of calls) if (call.answer === params["actionId"]) end(call, "failed", 480);
          return;
        case "provider.didActivateAudioSession":
        case "provider.didDeactivateAudioSession":
          isAudioActive = method === "provider.didActivateAudioSession";
          return checkMedia();
        case "provider.didReset":
          isAudioActive = false;
          for (const call of calls) end(call, "failed", 480);
          return;
        case "network.changed":
          if (params["reachable"] === true) line?.reconnect(token, params["interface"] === lostNetwork);
          else lostNetwork = params["interface"];
      }
    },
    changeAccount(account) {
      for (const call of calls) finish(call, "failed");
      line?.unregister();
      line = open(account);
      line?.register(token);
    },
    close() {
      for (const { stopWaiting } of calls) stopWaiting();
      line?.close();
    },
  };
}

function updateOf({ handle, name, video }: Call): Params {
  const type = /^\+?\d+$/.test(handle ?? "") ? "phoneNumber" : "generic";
  return {
    ...(handle === undefined ? {} : { remoteHandle: { type, value: handle } }),
    ...(name === undefined ? {} : { localizedCallerName: name }),
    hasVideo: video,
  };
}

function isUuid(value: unknown): value is string {
  return typeof value === "string" && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value);
}
function isSame(uuid: string, other: unknown): boolean {
  return uuid.toLowerCase() === String(other).toLowerCase();
}
function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
function recordOf(value: unknown): Params {
  return typeof value === "object" && value !== null ? (value as Params) : {};
}
