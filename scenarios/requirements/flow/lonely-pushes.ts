import type { ShownCall } from "../../../harness/judge/client-view-calls.ts";
import type { ClientPush } from "../../../harness/judge/client-view-pushes.ts";
import { isConnectedAt } from "../../../harness/judge/call-view-phones.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import { readPointer } from "../../../harness/wire/json-pointer.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { ownCalls } from "./own-calls.ts";

/** A push that made its phone show a call, and no INVITE came while that was there, although the app was registered. */
export interface LonelyPush {
  readonly call: ClientCall;
  readonly push: ClientPush;
  readonly shown: ShownCall;
}

export function lonelyPushes(trace: Trace): readonly LonelyPush[] {
  return clientCallsOf(trace).flatMap((call) => {
    const { phone, pushes, legs } = call;
    const push = pushes.find(({ handed, reading }) => handed !== undefined && !reading.isMalformed);
    const handed = push?.handed;
    const shown = ownCalls(call)[0];
    if (push === undefined || handed === undefined || shown === undefined || shown.since.seq < push.delivered.seq)
      return [];
    const endSeq = shown.ended?.event.seq ?? Infinity;
    const invited = legs.some(({ invite }) => invite.arrived !== undefined && invite.arrived.seq < endSeq);
    const cancelled = pushes.some((other) => isCancelPush(trace, other));
    const registered =
      isConnectedAt(phone, handed) ||
      phone.registrations.some(
        ({ accepted, removes }) =>
          !removes && accepted?.arrived !== undefined && accepted.event.seq > handed.seq && accepted.event.seq < endSeq,
      );
    return invited || cancelled || !registered ? [] : [{ call, push, shown }];
  });
}

function isCancelPush(trace: Trace, { payload }: ClientPush): boolean {
  const { cancelByPush } = trace.facts.profile;
  return cancelByPush !== false && readPointer(payload, cancelByPush.pointer) === cancelByPush.value;
}
