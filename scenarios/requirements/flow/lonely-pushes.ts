import type { ShownCall } from "../../../harness/judge/client-view-calls.ts";
import type { ClientPush } from "../../../harness/judge/client-view-pushes.ts";
import { isConnectedAt } from "../../../harness/judge/call-view-phones.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import { readPointer } from "../../../harness/wire/json-pointer.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { registerRefusal } from "../register-refusal.ts";
import { ownCalls } from "./own-calls.ts";

/** A push that made its phone show a call, and no INVITE came while that was there, although the app was registered. */
export interface LonelyPush {
  readonly call: ClientCall;
  readonly push: ClientPush;
  readonly shown: ShownCall;
}

export function lonelyPushes(trace: Trace): readonly LonelyPush[] {
  return clientCallsOf(trace).flatMap((call) => {
    const { pushes, legs } = call;
    const push = pushes.find(({ handed, reading }) => handed !== undefined && !reading.isMalformed);
    const shown = ownCalls(call)[0];
    if (push === undefined || shown === undefined || shown.since.seq < push.delivered.seq) return [];
    const endSeq = shown.ended?.event.seq ?? Infinity;
    const invited = legs.some(({ invite }) => invite.arrived !== undefined && invite.arrived.seq < endSeq);
    const cancelled = pushes.some((other) => isCancelPush(trace, other));
    const registered = isRegistered(trace, call, push, shown.ended?.event);
    return invited || cancelled || !registered ? [] : [{ call, push, shown }];
  });
}

/**
 * Every REGISTER since the push was accepted, at least one of them; or none was due, for a phone that was registered anyway. A process
 * that starts for a push registers before it is handed it.
 */
function isRegistered(trace: Trace, { phone }: ClientCall, push: ClientPush, ended: TraceEvent | undefined): boolean {
  const { delivered } = push;
  const until = ended?.seq ?? Infinity;
  const since = phone.registrations.filter(
    ({ request, removes }) => !removes && request.event.seq > delivered.seq && request.event.seq < until,
  );
  if (since.length === 0) return isConnectedAt(phone, push.handed ?? delivered);
  const accepted = since.some(({ accepted: answer }) => answer?.arrived !== undefined && answer.arrived.seq < until);
  return accepted && registerRefusal(trace, phone, delivered, ended) === undefined;
}

function isCancelPush(trace: Trace, { payload }: ClientPush): boolean {
  const { cancelByPush } = trace.facts.profile;
  return cancelByPush !== false && readPointer(payload, cancelByPush.pointer) === cancelByPush.value;
}
