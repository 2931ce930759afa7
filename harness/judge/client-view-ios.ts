import { oncePerPart } from "../once-per.ts";
import type { ActionOutcome, CallActionType, CallEndedReason } from "../trace/ios-event.ts";
import type { CallRef, EventOf, PhoneRef, TraceEvent } from "../trace/trace-event.ts";
import type { Trace } from "../trace/trace.ts";
import type { RingingSpan, ShownCall } from "./client-view-calls.ts";
import { linkRequests, paramOf, textParam, type LinkRequest } from "./client-view-link.ts";
import { uuidIn } from "./client-view-payload.ts";

/** What CXCallUpdate said; absent is unknown, and in an update unchanged. */
export interface CallUpdateReading {
  readonly handle?: string;
  readonly name?: string;
  readonly hasVideo?: boolean;
}

/** One `reportNewIncomingCall` of the app. */
export interface IosReport {
  readonly request: LinkRequest;
  /** In lower case; undefined for what is no UUID. */
  readonly callUUID: string | undefined;
  readonly update: CallUpdateReading;
  /** The phone rings, or says why it does not; undefined where it did neither (no process, no UUID). */
  readonly outcome: EventOf<"ringing.shown"> | EventOf<"call.refused"> | undefined;
  readonly call: CallRef | undefined;
}

/** An action of the provider. */
export interface IosAction {
  readonly id: string;
  readonly type: CallActionType;
  readonly callUUID: string;
  readonly performed: EventOf<"action.performed">;
  readonly settled: EventOf<"action.settled"> | undefined;
  readonly outcome: ActionOutcome | undefined;
  /** What the app said of it although it was settled. */
  readonly late: readonly EventOf<"action.late">[];
}

/** A call of CallKit: from its report (or start) to its end. A UUID that is reported again later is another. */
export interface IosCall extends ShownCall {
  readonly platform: "ios";
  readonly actions: readonly IosAction[];
  /** `reportCallUpdated`s, with what each said. */
  readonly updates: readonly { readonly event: EventOf<"call.updated">; readonly update: CallUpdateReading }[];
  /** Its end action failed or timed out: the system goes on showing it. */
  readonly stale: EventOf<"call.stale"> | undefined;
  readonly ended: { readonly event: EventOf<"call.ended">; readonly why: EventOf<"call.ended">["why"] } | undefined;
}

/** When the audio session of a phone was active. */
export interface AudioSpan {
  readonly from: EventOf<"audio.activated">;
  readonly until: EventOf<"audio.deactivated"> | undefined;
}

export interface IosPhoneView {
  readonly reports: readonly IosReport[];
  readonly calls: readonly IosCall[];
  readonly actions: readonly IosAction[];
  readonly audio: readonly AudioSpan[];
}

const endedReasons: readonly string[] = [
  "failed",
  "remoteEnded",
  "unanswered",
  "answeredElsewhere",
  "declinedElsewhere",
] satisfies readonly CallEndedReason[];

/** True where the app reported the end, rather than fulfilled an end action or lost the call. */
export function isReportedEnd(why: string): why is CallEndedReason {
  return endedReasons.includes(why);
}

/** What one simulated iPhone and its app did about calls. */
export const iosPhoneOf = oncePerPart((trace: Trace, phone: PhoneRef): IosPhoneView => {
  const events = trace.events.filter((event) => event.phone === phone);
  const actions = actionsOf(events);
  return {
    reports: reportsOf(trace, phone, events),
    calls: callsOn(trace, phone, events, actions),
    actions,
    audio: audioOf(events),
  };
});

function reportsOf(trace: Trace, phone: PhoneRef, events: readonly TraceEvent[]): readonly IosReport[] {
  return linkRequests(trace, phone)
    .filter(({ method, by }) => method === "provider.reportNewIncomingCall" && by === "target")
    .map((request): IosReport => {
      const callUUID = uuidIn(textParam(request.event, "uuid"));
      const outcome = events.find(
        (event): event is EventOf<"ringing.shown"> | EventOf<"call.refused"> =>
          (event.kind === "ringing.shown" || event.kind === "call.refused") && event.cause === request.event.seq,
      );
      return {
        request,
        callUUID,
        update: updateIn(request.event),
        outcome,
        call: outcome?.call ?? request.event.call ?? callOfUuid(trace, callUUID),
      };
    });
}

function actionsOf(events: readonly TraceEvent[]): readonly IosAction[] {
  return events
    .filter((event) => event.kind === "action.performed")
    .map((performed): IosAction => {
      const { action: id, type, callUUID } = performed;
      const isMine = (event: TraceEvent) => "action" in event && event.action === id && event.seq > performed.seq;
      // A process that is started anew counts its actions from one again.
      const next = events.find((event) => event.kind === "action.performed" && isMine(event))?.seq ?? Infinity;
      const mine = events.filter((event) => isMine(event) && event.seq < next);
      const settled = mine.find((event) => event.kind === "action.settled");
      return {
        id,
        type,
        callUUID,
        performed,
        settled,
        outcome: settled?.outcome,
        late: mine.filter((event) => event.kind === "action.late"),
      };
    });
}

type Draft = { -readonly [Key in keyof IosCall]: IosCall[Key] } & {
  ringing: RingingSpan[];
  actions: IosAction[];
  updates: IosCall["updates"][number][];
};

function callsOn(
  trace: Trace,
  phone: PhoneRef,
  events: readonly TraceEvent[],
  actions: readonly IosAction[],
): readonly IosCall[] {
  const all: Draft[] = [];
  const live = new Map<string, Draft>();
  const begin = (since: EventOf<"ringing.shown"> | EventOf<"call.started">, callUUID: string): Draft => {
    const draft: Draft = {
      phone,
      platform: "ios",
      id: callUUID,
      call: since.call ?? callOfUuid(trace, callUUID),
      since,
      ringing: [],
      answered: undefined,
      connected: undefined,
      ended: undefined,
      actions: [],
      updates: [],
      stale: undefined,
    };
    all.push(draft);
    live.set(callUUID, draft);
    return draft;
  };
  for (const event of events) {
    if (!("callUUID" in event) || event.callUUID === undefined) continue;
    const { callUUID } = event;
    if (event.kind === "ringing.shown") {
      const draft = live.get(callUUID) ?? begin(event, callUUID);
      draft.ringing.push({ from: event, until: undefined });
      continue;
    }
    if (event.kind === "call.started") {
      begin(event, callUUID);
      continue;
    }
    const draft = live.get(callUUID);
    if (draft === undefined) continue;
    switch (event.kind) {
      case "ringing.ended": {
        const last = draft.ringing.pop();
        if (last !== undefined) draft.ringing.push({ from: last.from, until: event });
        break;
      }
      case "action.performed": {
        const action = actions.find(({ performed }) => performed === event);
        if (action !== undefined) draft.actions.push(action);
        if (event.type === "answer") draft.answered ??= event;
        break;
      }
      case "call.connected":
        draft.connected ??= event;
        break;
      case "call.updated": {
        const cause = event.cause === undefined ? undefined : trace.events[event.cause];
        draft.updates.push({ event, update: cause?.kind === "link.request" ? updateIn(cause) : {} });
        break;
      }
      case "call.stale":
        draft.stale ??= event;
        break;
      case "call.ended":
        draft.ended = { event, why: event.why };
        live.delete(callUUID);
        break;
      default:
        break;
    }
  }
  return all;
}

function audioOf(events: readonly TraceEvent[]): readonly AudioSpan[] {
  const ends = events.filter((event) => event.kind === "audio.deactivated");
  return events
    .filter((event) => event.kind === "audio.activated")
    .map((from) => ({ from, until: ends.find(({ seq }) => seq > from.seq) }));
}

function updateIn(event: { readonly params: unknown }): CallUpdateReading {
  const handle = textParam(event, "update", "remoteHandle", "value");
  const name = textParam(event, "update", "localizedCallerName");
  const hasVideo = paramOf(event, "update", "hasVideo");
  return {
    ...(handle === undefined ? {} : { handle }),
    ...(name === undefined ? {} : { name }),
    ...(typeof hasVideo === "boolean" ? { hasVideo } : {}),
  };
}

/** The call of the plan whose whole pushes carry that UUID. */
function callOfUuid(trace: Trace, callUUID: string | undefined): CallRef | undefined {
  if (callUUID === undefined) return undefined;
  const entry = Object.entries(trace.identities?.calls ?? {}).find(
    ([, { push }]) => uuidIn(push?.callUUID) === callUUID,
  );
  return entry?.[0] as CallRef | undefined;
}
