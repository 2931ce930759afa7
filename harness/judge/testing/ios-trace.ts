import { HarnessFault } from "../../errors.ts";
import type { CallActionType, CallEndedReason, IncomingCallErrorName, IosEvent } from "../../trace/ios-event.ts";
import type { CallRef, EventOf, PhoneRef } from "../../trace/trace-event.ts";
import {
  clientTraceBuilder,
  type ClientTraceBuilder,
  type ClientTraceSetup,
  type LinkTrail,
} from "./client-trace-builder.ts";
import type { Details } from "./trace-recording.ts";

export interface PushedTrail {
  readonly delivered: EventOf<"push.delivered">;
  readonly received: EventOf<"push.received">;
  readonly request: EventOf<"link.request">;
}

export interface TestUpdate {
  /** @default the caller's number; null: none */
  readonly handle?: string | null;
  /** @default the caller's name; null: none */
  readonly name?: string | null;
  /** @default as the plan says; null: absent */
  readonly hasVideo?: boolean | null;
}

type Named = Details & {
  /** @default the newest call the phone has of it, else the one of its pushes */
  readonly uuid?: string;
};

/** What an iPhone and its app do about calls; each step records what the simulated iPhone would. */
export interface IosSteps {
  /** A push is delivered and handed over to the app, which is launched or woken for it as it has to be. */
  pushed(
    phone: PhoneRef,
    call: CallRef,
    details?: Details & { push?: string; payload?: unknown; mustReport?: boolean; told?: boolean },
  ): PushedTrail;
  /** The delegate method of the newest push returns; an unreported one that had to be reported ends the app. */
  returns(phone: PhoneRef, details?: Details & { enforced?: boolean }): EventOf<"push.returned">;
  /** The completion handler of a push. @default the newest */
  completes(phone: PhoneRef, details?: Details & { push?: string }): EventOf<"push.completed">;
  /** `reportNewIncomingCall`; the phone rings unless it refuses. */
  reports(
    phone: PhoneRef,
    call: CallRef | undefined,
    details?: Named & { update?: TestUpdate; refused?: IncomingCallErrorName },
  ): { request: EventOf<"link.request">; outcome: EventOf<"ringing.shown"> | EventOf<"call.refused"> };
  /** A whole push: pushed, reported, completed, returned. */
  ringsForPush(phone: PhoneRef, call: CallRef): PushedTrail & { readonly shown: EventOf<"ringing.shown"> };
  updates(phone: PhoneRef, call: CallRef, update: TestUpdate, details?: Named): EventOf<"call.updated">;
  /** `reportCallEnded`. */
  ends(phone: PhoneRef, call: CallRef, reason: CallEndedReason, details?: Named): EventOf<"call.ended">;
  /** The user acts, and the app is asked to perform the action. */
  answers(phone: PhoneRef, call: CallRef, details?: Named): Performed;
  declines(phone: PhoneRef, call: CallRef, details?: Named): Performed;
  hangsUp(phone: PhoneRef, call: CallRef, details?: Named): Performed;
  /** An action the app asked for itself. */
  performs(phone: PhoneRef, call: CallRef, type: CallActionType, details?: Named): Performed;
  /** The app settles the newest open action of that type. */
  fulfils(phone: PhoneRef, call: CallRef, type?: CallActionType, details?: Named): EventOf<"action.settled">;
  fails(phone: PhoneRef, call: CallRef, type?: CallActionType, details?: Named): EventOf<"action.settled">;
  timesOut(phone: PhoneRef, call: CallRef, type?: CallActionType, details?: Named): EventOf<"action.settled">;
  /** The app settles what is settled. */
  settlesAgain(action: string, phone: PhoneRef, call: CallRef, said?: "fulfill" | "fail"): EventOf<"action.late">;
  audioActivates(phone: PhoneRef, details?: Details): EventOf<"audio.activated">;
  audioDeactivates(phone: PhoneRef, details?: Details): EventOf<"audio.deactivated">;
  mediaStarts(phone: PhoneRef, call: CallRef, details?: Named): EventOf<"media.started">;
  mediaStops(phone: PhoneRef, call: CallRef, details?: Named): EventOf<"media.stopped">;
  /** The system drops every call of the app. */
  resets(phone: PhoneRef, details?: Details): EventOf<"provider.reset">;
  voidsToken(phone: PhoneRef): EventOf<"token.invalidated">;
  rotatesToken(phone: PhoneRef, token: string): EventOf<"token.issued">;
  uuidOf(phone: PhoneRef, call: CallRef): string;
}

export interface Performed {
  readonly action: string;
  readonly performed: EventOf<"action.performed">;
  readonly asked: LinkTrail;
}

interface LiveCall {
  readonly call: CallRef | undefined;
  state: "ringing" | "answering" | "connected" | "ending" | "stale";
}

interface OpenAction {
  readonly id: string;
  readonly phone: PhoneRef;
  readonly type: CallActionType;
  readonly uuid: string;
}

interface OpenPush {
  readonly id: string;
  readonly mustReport: boolean;
  readonly request: EventOf<"link.request">;
  isReported: boolean;
  completions: number;
}

export type IosTrace = ClientTraceBuilder & IosSteps;

/** A client trace with the steps of an iPhone. */
export function iosTrace(setup: ClientTraceSetup = {}): IosTrace {
  const t = clientTraceBuilder(setup);
  const calls = new Map<string, LiveCall>();
  const newest = new Map<string, string>();
  const pushes = new Map<PhoneRef, OpenPush>();
  let open: readonly OpenAction[] = [];
  let actions = 0;
  let made = 0;
  let isActive = false;

  const keyOf = (phone: PhoneRef, uuid: string) => `${phone} ${uuid}`;
  const uuidOf = (phone: PhoneRef, call: CallRef): string =>
    newest.get(`${phone} ${call}`) ?? String(t.payloadOf(call)["callUUID"]);
  const splitNamed = (phone: PhoneRef, call: CallRef, { uuid, ...details }: Named) => ({
    uuid: (uuid ?? uuidOf(phone, call)).toLowerCase(),
    details: { ...details, call },
  });
  const linkUpdate = (call: CallRef | undefined, { handle, name, hasVideo }: TestUpdate, whole: boolean) => {
    const index = Number((call ?? "call:1").slice("call:".length)) - 1;
    const planned = t.plan.calls[index];
    const value = handle === undefined && whole ? planned?.caller.number : handle;
    const shown = name === undefined && whole ? planned?.caller.name : name;
    const video = hasVideo === undefined && whole ? planned?.video : hasVideo;
    return {
      ...(value == null ? {} : { remoteHandle: { type: "phoneNumber", value } }),
      ...(shown == null ? {} : { localizedCallerName: shown }),
      ...(video == null ? {} : { hasVideo: video }),
    };
  };

  /** Ends a call: its open actions, its ringing, itself. */
  function endOf(phone: PhoneRef, uuid: string, why: EventOf<"call.ended">["why"]): readonly IosEvent[] {
    const mine = open.filter((action) => action.phone === phone && action.uuid === uuid);
    open = open.filter((action) => !mine.includes(action));
    const outcome = why === "reset" || why === "app-terminated" ? why : "call-ended";
    const state = calls.get(keyOf(phone, uuid))?.state;
    calls.delete(keyOf(phone, uuid));
    return [
      ...mine.map(({ id, type }): IosEvent => ({ kind: "action.settled", action: id, type, callUUID: uuid, outcome })),
      ...(state === "ringing" ? [{ kind: "ringing.ended", why, callUUID: uuid } as const] : []),
      { kind: "call.ended", callUUID: uuid, why },
    ];
  }
  function perform(
    phone: PhoneRef,
    call: CallRef,
    type: CallActionType,
    asker: "user" | "app",
    named: Named,
  ): Performed {
    const { uuid, details } = splitNamed(phone, call, named);
    actions += 1;
    const id = `action-${actions}`;
    const timeoutMs = type === "answer" ? 60_000 : 5000;
    const body = { kind: "action.performed", action: id, type, callUUID: uuid, timeoutMs, asker } as const;
    const performed = t.happens(phone, body, { ...details, afterMs: 0 });
    const live = calls.get(keyOf(phone, uuid));
    if (live?.state === "ringing" && (type === "answer" || type === "end")) {
      const why = type === "answer" ? "answered" : "declined";
      t.happens(phone, { kind: "ringing.ended", why, callUUID: uuid }, { call, afterMs: 0 });
    }
    if (live !== undefined && type === "answer") live.state = "answering";
    if (live !== undefined && type === "end") live.state = "ending";
    open = [...open, { id, phone, type, uuid }];
    const asked = t.asks(phone, "provider.perform", { action: { id, type, callUUID: uuid.toUpperCase() }, timeoutMs });
    return { action: id, performed, asked };
  }
  function openAction(phone: PhoneRef, uuid: string, type: CallActionType): OpenAction {
    const found = open.findLast((action) => action.phone === phone && action.uuid === uuid && action.type === type);
    if (found === undefined) throw new HarnessFault("test-trace", `the trace of this test has no open ${type} action`);
    open = open.filter((action) => action !== found);
    return found;
  }
  function settle(
    phone: PhoneRef,
    call: CallRef,
    type: CallActionType,
    outcome: "fulfilled" | "failed" | "timed-out",
    named: Named,
  ): EventOf<"action.settled"> {
    const { uuid, details } = splitNamed(phone, call, named);
    const { id } = openAction(phone, uuid, type);
    const settled = { kind: "action.settled", action: id, type, callUUID: uuid, outcome } as const;
    const live = calls.get(keyOf(phone, uuid));
    const after: IosEvent[] = [];
    if (type === "answer" && outcome === "fulfilled") {
      if (live !== undefined) live.state = "connected";
      after.push({ kind: "call.connected", callUUID: uuid });
    } else if (type === "answer") after.push(...endOf(phone, uuid, "failed"));
    else if (type === "end" && outcome === "fulfilled") after.push(...endOf(phone, uuid, "ended"));
    else if (type === "end") after.push({ kind: "call.stale", callUUID: uuid });
    if (outcome === "timed-out") {
      const first = t.happens(phone, settled, details);
      for (const event of after) t.happens(phone, event, { call, afterMs: 0 });
      t.asks(phone, "provider.timedOutPerforming", { actionId: id });
      return first;
    }
    const method = outcome === "fulfilled" ? "action.fulfill" : "action.fail";
    const said = t.says(phone, method, { actionId: id }, [settled, ...after], details);
    return said.outcome[0] as EventOf<"action.settled">;
  }

  const steps: IosSteps = {
    uuidOf,
    pushed(phone, call, { push, payload, mustReport = true, told, ...details } = {}) {
      const delivered = t.delivers(phone, call, {
        ...details,
        ...(push === undefined ? {} : { push }),
        ...(payload === undefined ? {} : { payload }),
      });
      const id = delivered.push;
      const toldField = told === undefined ? {} : { told };
      if (t.appOf(phone) === "not-running") t.launches(phone, "push");
      const received = t.happens(phone, { kind: "push.received", push: id, mustReport, ...toldField }, { call });
      if (t.appOf(phone) === "suspended") t.wakes(phone, "push");
      const request = t.asking(
        phone,
        "pushRegistry.didReceiveIncomingPush",
        { pushId: id, type: "voip", payload: delivered.payload, ...(told === undefined ? {} : { mustReport: told }) },
        { call },
      );
      pushes.set(phone, { id, mustReport, request, isReported: false, completions: 0 });
      return { delivered, received: received, request };
    },
    returns(phone, { enforced = true, ...details } = {}) {
      const push = openPush(phone);
      const reply = t.replies(push.request, details);
      const body = { kind: "push.returned", push: push.id, reported: push.isReported } as const;
      const returned = t.happens(phone, body, { cause: reply.seq, by: "target", afterMs: 0 });
      if (enforced && push.mustReport && !push.isReported) {
        const unreported = { kind: "push.unreported", push: push.id, check: "delegate", count: 1 } as const;
        t.happens(phone, unreported, { afterMs: 0 });
        for (const uuid of [...calls.keys()].filter((key) => key.startsWith(`${phone} `))) {
          for (const event of endOf(phone, uuid.slice(phone.length + 1), "app-terminated")) t.happens(phone, event);
        }
        t.terminates(phone, "unreported-push");
      }
      return returned;
    },
    completes(phone, { push, ...details } = {}) {
      const own = openPush(phone);
      const id = push ?? own.id;
      if (id === own.id) own.completions += 1;
      const body = { kind: "push.completed", push: id, times: id === own.id ? own.completions : 1 } as const;
      return t.says(phone, "pushRegistry.completion", { pushId: id }, [body], details)
        .outcome[0] as EventOf<"push.completed">;
    },
    reports(phone, call, { uuid, update = {}, refused, ...details } = {}) {
      made += 1;
      const callUUID = (
        uuid ?? (call === undefined ? `99999999-0000-4000-8000-00000000000${made}` : uuidOf(phone, call))
      ).toLowerCase();
      const push = pushes.get(phone);
      const isForPush = push !== undefined && !push.isReported;
      if (push !== undefined) push.isReported = true;
      const isRefused = refused !== undefined || calls.has(keyOf(phone, callUUID));
      const outcome: IosEvent = isRefused
        ? { kind: "call.refused", callUUID, code: 2, why: refused ?? "callUUIDAlreadyExists" }
        : { kind: "ringing.shown", why: isForPush ? "push" : "invite", callUUID };
      if (!isRefused) {
        calls.set(keyOf(phone, callUUID), { call, state: "ringing" });
        if (call !== undefined) newest.set(`${phone} ${call}`, callUUID);
      }
      const said = t.says(
        phone,
        "provider.reportNewIncomingCall",
        { uuid: callUUID.toUpperCase(), update: linkUpdate(call, update, true) },
        [outcome],
        { ...details, ...(call === undefined ? {} : { call }) },
      );
      return { request: said.request, outcome: said.outcome[0] as EventOf<"ringing.shown"> | EventOf<"call.refused"> };
    },
    ringsForPush(phone, call) {
      const trail = steps.pushed(phone, call);
      const shown = steps.reports(phone, call).outcome as EventOf<"ringing.shown">;
      steps.completes(phone);
      steps.returns(phone);
      return { ...trail, shown };
    },
    updates(phone, call, update, named = {}) {
      const { uuid, details } = splitNamed(phone, call, named);
      const params = { uuid: uuid.toUpperCase(), update: linkUpdate(call, update, false) };
      const body = { kind: "call.updated", callUUID: uuid } as const;
      return t.says(phone, "provider.reportCallUpdated", params, [body], details).outcome[0] as EventOf<"call.updated">;
    },
    ends(phone, call, reason, named = {}) {
      const { uuid, details } = splitNamed(phone, call, named);
      const params = { uuid: uuid.toUpperCase(), reason };
      const outcome = calls.has(keyOf(phone, uuid)) ? endOf(phone, uuid, reason) : [];
      return t
        .says(phone, "provider.reportCallEnded", params, outcome, details)
        .outcome.at(-1) as EventOf<"call.ended">;
    },
    answers(phone, call, named = {}) {
      const { uuid: _, ...details } = named;
      t.userAnswers(phone, call, details);
      return perform(phone, call, "answer", "user", named.uuid === undefined ? {} : { uuid: named.uuid });
    },
    declines(phone, call, named = {}) {
      const { uuid: _, ...details } = named;
      t.userDeclines(phone, call, details);
      return perform(phone, call, "end", "user", named.uuid === undefined ? {} : { uuid: named.uuid });
    },
    hangsUp(phone, call, named = {}) {
      const { uuid: _, ...details } = named;
      t.userHangsUp(phone, call, details);
      return perform(phone, call, "end", "user", named.uuid === undefined ? {} : { uuid: named.uuid });
    },
    performs: (phone, call, type, named = {}) => perform(phone, call, type, "app", named),
    fulfils: (phone, call, type = "answer", named = {}) => settle(phone, call, type, "fulfilled", named),
    fails: (phone, call, type = "answer", named = {}) => settle(phone, call, type, "failed", named),
    timesOut: (phone, call, type = "answer", named = {}) => settle(phone, call, type, "timed-out", named),
    settlesAgain(action, phone, call, said = "fulfill") {
      const body = { kind: "action.late", action, said, outcome: "fulfilled" } as const;
      return t.says(phone, `action.${said}`, { actionId: action }, [body], { call })
        .outcome[0] as EventOf<"action.late">;
    },
    audioActivates(phone, details = {}) {
      isActive = true;
      const activated = t.happens(phone, { kind: "audio.activated" }, details);
      t.asks(phone, "provider.didActivateAudioSession");
      return activated;
    },
    audioDeactivates(phone, details = {}) {
      isActive = false;
      const deactivated = t.happens(phone, { kind: "audio.deactivated" }, details);
      t.asks(phone, "provider.didDeactivateAudioSession");
      return deactivated;
    },
    mediaStarts: (phone, call, named = {}) => media("media.started", phone, call, named) as EventOf<"media.started">,
    mediaStops: (phone, call, named = {}) => media("media.stopped", phone, call, named) as EventOf<"media.stopped">,
    resets(phone, details = {}) {
      const reset = t.happens(phone, { kind: "provider.reset" }, details);
      for (const [key, { call }] of [...calls].filter(([name]) => name.startsWith(`${phone} `))) {
        const uuid = key.slice(phone.length + 1);
        for (const event of endOf(phone, uuid, "reset"))
          t.happens(phone, event, { afterMs: 0, ...(call === undefined ? {} : { call }) });
      }
      t.asks(phone, "provider.didReset");
      return reset;
    },
    voidsToken(phone) {
      const body = { kind: "token.invalidated", token: t.tokenOf(phone) } as const;
      const invalidated = t.happens(phone, body);
      t.asks(phone, "pushRegistry.didInvalidatePushToken", { type: "voip" });
      return invalidated;
    },
    rotatesToken(phone, token) {
      const issued = t.issuesToken(phone, token);
      t.asks(phone, "pushRegistry.didUpdatePushCredentials", { type: "voip", token });
      return issued;
    },
  };

  function media(kind: "media.started" | "media.stopped", phone: PhoneRef, call: CallRef, named: Named) {
    const { uuid, details } = splitNamed(phone, call, named);
    const callState = calls.get(keyOf(phone, uuid))?.state ?? "none";
    const body = { kind, callUUID: uuid, audio: isActive ? "active" : "inactive", callState } as const;
    return t.tells(phone, kind, { callUUID: uuid.toUpperCase() }, body, details);
  }
  function openPush(phone: PhoneRef): OpenPush {
    const push = pushes.get(phone);
    if (push === undefined)
      throw new HarnessFault("test-trace", `no push was handed over to ${phone} in the trace of this test`);
    return push;
  }
  return Object.assign(t, steps);
}
