import { randomUUID } from "node:crypto";
import type { AppCall, Calls, CallScreen, EndWhy } from "./calls.ts";
import { type Answer, codes, DONE, type Params, recordOf, refused, type Reply } from "./json-rpc.ts";
import { type PushedCall, readPush, uuidIn } from "./link-profile.ts";
import type { PlatformApp, PlatformHost } from "./platform-app.ts";

/** CXErrorCodeIncomingCallError.callUUIDAlreadyExists */
const ALREADY_EXISTS = 2;
/** How long a faulty delegate method may hold its push back. */
const HELD_MS = 6000;

const REASONS: Readonly<Record<EndWhy, string>> = {
  remote: "remoteEnded",
  "answered-elsewhere": "answeredElsewhere",
  "declined-elsewhere": "declinedElsewhere",
  unanswered: "unanswered",
  failed: "failed",
  declined: "remoteEnded",
  "hung-up": "remoteEnded",
  filtered: "failed",
  refused: "failed",
  reset: "failed",
};

interface OpenAction {
  readonly id: string;
  readonly type: string;
  readonly call: AppCall;
}

/** The app on an iPhone: PushKit's and CallKit's delegate (Apple, "Responding to VoIP Notifications from PushKit"; `CXProviderDelegate`). */
export function iosApp(host: PlatformHost): PlatformApp {
  const { options, profile, timers, request } = host;
  const { fault, answerFulfil } = options;
  const fulfilsAtOnce = answerFulfil === "at-once" || fault === "fulfils-at-once";
  const open = new Map<string, OpenAction>();
  let isAudioActive = false;

  const calls = (): Calls => host.calls();

  function reasonFor(call: AppCall, why: EndWhy): string {
    const isUnconnected = call.isAnswered && (why === "failed" || why === "unanswered");
    if (isUnconnected && fault === "hides-failed-connection") return REASONS.remote;
    if (why === "remote" && fault === "reports-cancel-as-failed") return "failed";
    if (why === "answered-elsewhere" && fault === "ignores-answered-elsewhere") return REASONS.remote;
    if (why === "declined-elsewhere" && fault === "ignores-declined-elsewhere") return REASONS.remote;
    return REASONS[why];
  }

  function updateOf(call: { readonly caller: AppCall["caller"]; readonly video: boolean | undefined }): object {
    const { handle, name } = fault === "reports-no-caller" ? { handle: undefined, name: undefined } : call.caller;
    const video = fault === "ignores-video" && call.video !== undefined ? false : call.video;
    return {
      ...(handle === undefined ? {} : { remoteHandle: { type: handleType(handle), value: handle } }),
      ...(name === undefined ? {} : { localizedCallerName: name }),
      ...(video === undefined ? {} : { hasVideo: video }),
    };
  }

  function report(call: AppCall, onReply: (errorCode: number | undefined) => void): void {
    host.garble();
    request("provider.reportNewIncomingCall", { uuid: call.id, update: updateOf(call) }, (reply) =>
      onReply(errorCode(reply)),
    );
  }
  function reportEnded(uuid: string, reason: string): void {
    request("provider.reportCallEnded", { uuid, reason });
  }

  function settle(action: OpenAction, how: "fulfill" | "fail"): void {
    open.delete(action.id);
    request(`action.${how}`, { actionId: action.id });
    if (fault === "fulfils-twice" && how === "fulfill")
      timers.after(100, () => request("action.fulfill", { actionId: action.id }));
  }

  const screen: CallScreen = {
    show(call) {
      const onReply = (code: number | undefined): void => {
        for (const done of waitingForReport.splice(0)) done();
        if (code === undefined || code === ALREADY_EXISTS) calls().shown(call);
        else calls().notShown(call, "filtered");
      };
      report(call, onReply);
    },
    callerKnown(call) {
      if (fault !== "never-updates-caller")
        request("provider.reportCallUpdated", { uuid: call.id, update: updateOf(call) });
    },
    connected(call) {
      for (const action of open.values())
        if (action.call === call && action.type === "answer") settle(action, "fulfill");
    },
    ended(call, why) {
      // What the system settles by itself is not ours any more.
      const own = [...open.values()].filter((action) => action.call === call);
      for (const { id } of own) open.delete(id);
      if (why === "reset" || why === "filtered") return;
      const end = own.find(({ type }) => type === "end");
      if (end === undefined) reportEnded(call.id, reasonFor(call, why));
      else if (fault === "leaves-ghost-call" && why === "hung-up") settle(end, "fail");
      else if (fault !== "ignores-end-action") settle(end, "fulfill");
    },
    mayHaveMedia: () => isAudioActive,
  };

  /** Completion handlers of pushes whose report has no answer yet. */
  const waitingForReport: (() => void)[] = [];

  function complete(pushId: unknown): void {
    request("pushRegistry.completion", { pushId });
    if (fault === "completes-twice") request("pushRegistry.completion", { pushId });
  }

  /** Everything a push asks for, in the delegate method itself: what is reported later than that is too late. */
  function pushed(params: Params): void {
    const { pushId } = params;
    const push = readPush(profile, "ios", params["payload"]);
    const mustReport = params["mustReport"] !== false;
    if (push === undefined) malformed(pushId, mustReport);
    else if (fault === "drops-bad-uuid" && push.callUUID !== undefined && uuidIn(push.callUUID) === undefined)
      complete(pushId);
    else if (push.isCancel) cancelled(push, pushId, mustReport);
    else wellFormed(push, pushId, mustReport || fault === "ignores-must-report");
  }

  function malformed(pushId: unknown, mustReport: boolean): void {
    if (!mustReport) {
      complete(pushId);
      return;
    }
    const uuid = randomUUID();
    request("provider.reportNewIncomingCall", { uuid, update: {} }, () => complete(pushId));
    if (fault !== "leaves-malformed-ringing") reportEnded(uuid, "failed");
  }

  function wellFormed(push: PushedCall, pushId: unknown, mustReport: boolean): void {
    const known = calls().ofPush(push);
    if (known === undefined || (known.ended !== undefined && fault === "rings-for-ended-call")) {
      if (mustReport) {
        waitingForReport.push(() => complete(pushId));
        calls().pushed(push);
      } else {
        calls().remember(push);
        complete(pushId);
      }
      return;
    }
    known.pushed ??= push;
    known.video = push.video ?? known.video;
    if (!mustReport) {
      complete(pushId);
      return;
    }
    // The UUID it has already: the system says that it knows it, or shows it anew, and then it is ended in the same turn.
    report(known, () => complete(pushId));
    if (known.ended !== undefined) reportEnded(known.id, REASONS[known.ended]);
  }

  /** A push that takes a call back, of profiles that have such: it has to be reported, too. */
  function cancelled(push: PushedCall, pushId: unknown, mustReport: boolean): void {
    const known = calls().ofPush(push);
    if (!mustReport) {
      if (known !== undefined) calls().end(known, "remote");
      complete(pushId);
      return;
    }
    const uuid = known?.id ?? uuidIn(push.callUUID) ?? randomUUID();
    const update = updateOf({ caller: { handle: push.handle, name: push.callerName }, video: push.video });
    request("provider.reportNewIncomingCall", { uuid, update }, () => complete(pushId));
    if (known !== undefined && known.ended === undefined) calls().end(known, "remote");
    else reportEnded(uuid, "remoteEnded");
  }

  function perform({ id, type, callUUID, onHold }: Params): void {
    const actionId = String(id);
    const call = calls().byId(String(callUUID));
    if (call === undefined || call.ended !== undefined || type === "start") {
      // A call we have never heard of: the phone may have what a former process of ours left.
      const how = type === "end" && call === undefined ? "fulfill" : "fail";
      request(`action.${how}`, { actionId });
      return;
    }
    const action: OpenAction = { id: actionId, type: String(type), call };
    open.set(actionId, action);
    switch (type) {
      case "answer":
        if (fulfilsAtOnce || call.isConnected) settle(action, "fulfill");
        calls().answer(call);
        return;
      case "end":
        calls().hangUp(call);
        return;
      case "setHeld":
        calls().hold(call, onHold === true, (done) => {
          if (open.has(actionId)) settle(action, done ? "fulfill" : "fail");
        });
        return;
      default:
        settle(action, "fulfill");
    }
  }

  function timedOut(actionId: string): void {
    const action = open.get(actionId);
    open.delete(actionId);
    // The system has ended a call whose answer took too long.
    if (action?.type === "answer") calls().end(action.call, "failed");
  }

  function reset(): void {
    open.clear();
    isAudioActive = false;
    if (fault === "ignores-reset") {
      calls().checkMedia();
      return;
    }
    for (const call of calls().live) calls().end(call, "reset");
  }

  function didReceiveIncomingPush(params: Params, answer: (answer: Answer) => void): void {
    if (fault === "reports-after-return") {
      answer(DONE);
      host.pushed();
      pushed(params);
      return;
    }
    if (fault === "reports-after-register") {
      let isDone = false;
      const go = (): void => {
        if (isDone) return;
        isDone = true;
        pushed(params);
        answer(DONE);
      };
      host.pushed();
      host.onceRegistered(go);
      timers.after(HELD_MS, go);
      return;
    }
    pushed(params);
    answer(DONE);
    host.pushed();
  }

  return {
    screen,
    handle(method, params, answer) {
      switch (method) {
        case "pushRegistry.didReceiveIncomingPush":
          didReceiveIncomingPush(params, answer);
          return;
        case "pushRegistry.didUpdatePushCredentials":
          host.tokenIssued(String(params["token"]));
          break;
        case "pushRegistry.didInvalidatePushToken":
          if (fault !== "keeps-void-token") host.tokenVoid();
          break;
        case "provider.perform":
          perform(recordOf(params["action"]));
          break;
        case "provider.timedOutPerforming":
          timedOut(String(params["actionId"]));
          break;
        case "provider.didActivateAudioSession":
          isAudioActive = true;
          calls().checkMedia();
          break;
        case "provider.didDeactivateAudioSession":
          isAudioActive = false;
          calls().checkMedia();
          break;
        case "provider.didReset":
          reset();
          break;
        default:
          answer(refused(codes.notSupported, `An iPhone has no ${method}.`));
          return;
      }
      answer(DONE);
    },
  };
}

function errorCode(reply: Reply): number | undefined {
  if (reply.kind === "result") return undefined;
  const code = recordOf(reply.error.data)["code"];
  return typeof code === "number" ? code : reply.error.code;
}

function handleType(handle: string): string {
  if (/^\+?[\d\s().-]+$/.test(handle)) return "phoneNumber";
  return /^[^@:]+@[^@]+$/.test(handle) ? "emailAddress" : "generic";
}
