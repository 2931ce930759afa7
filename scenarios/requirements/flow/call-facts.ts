import type { Branch } from "../../../harness/judge/call-view-branches.ts";
import { finalOf, type ResponseMessage } from "../../../harness/judge/call-view-messages.ts";
import { isAsleepAt, tokensAt, type PhoneView } from "../../../harness/judge/call-view-phones.ts";
import { pushesOf, type Push } from "../../../harness/judge/call-view-pushes.ts";
import type { CallView } from "../../../harness/judge/call-view.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { sameToken } from "./same-token.ts";
import { refusesToken } from "./token-refused.ts";

/** Timer B and F of RFC 3261, 17.1: how long an unanswered branch may stay pending. */
export const TRANSACTION_TIMEOUT_MS = 32_000;

/** The target did something about the call towards a phone: nothing is passed by a target that never does. */
export function wasAttempted(call: CallView): boolean {
  return call.pushes.length > 0 || call.branches.length > 0;
}

/** When the caller's first CANCEL reached the target. */
export function cancelOf(call: CallView): TraceEvent | undefined {
  return call.caller.cancels.find(({ request }) => request.arrived !== undefined)?.request.arrived;
}

/** When the caller first hung up by CANCEL or BYE, as the target had it. */
export function hangUpOf(call: CallView): TraceEvent | undefined {
  const bye = call.caller.byesSent.find(({ request }) => request.arrived !== undefined)?.request.arrived;
  return cancelOf(call) ?? bye;
}

/** The rejections phones sent of themselves, as they reached the target: no 487, which only answers a CANCEL. */
export function declinesOf(call: CallView): readonly ResponseMessage[] {
  return call.branches.flatMap(({ final }) =>
    final !== undefined && final.arrived !== undefined && final.sip.status >= 300 && final.sip.status !== 487
      ? [final]
      : [],
  );
}

/** The first 2xx of any phone, as it reached the target. */
export function answerOf(call: CallView): TraceEvent | undefined {
  return call.branches
    .flatMap(({ answer }) => (answer?.arrived === undefined ? [] : [answer.arrived]))
    .toSorted((a, b) => a.seq - b.seq)[0];
}

/**
 * The call was over for the target and it said so: it answered the caller's CANCEL or BYE, sent the caller a rejection, or a BYE,
 * or answered the phone's BYE.
 */
export function endOf(
  call: CallView,
): { readonly event: TraceEvent; readonly how: "cancel" | "rejection" | "bye" } | undefined {
  const { cancels, byesSent, byesReceived, rejection } = call.caller;
  const phoneByes = call.branches.flatMap((branch) => branch.byesSent);
  const cancelled = cancelOf(call);
  const answered = [
    ...cancels.map((exchange) => ({ how: "cancel" as const, event: finalOf(exchange)?.event })),
    ...[...byesSent, ...phoneByes].map((exchange) => ({ how: "bye" as const, event: finalOf(exchange)?.event })),
    ...byesReceived.map(({ request }) => ({ how: "bye" as const, event: request.event })),
    {
      how:
        cancelled !== undefined && rejection !== undefined && cancelled.seq < rejection.event.seq
          ? ("cancel" as const)
          : ("rejection" as const),
      event: rejection?.event,
    },
  ];
  return answered
    .flatMap(({ how, event }) => (event === undefined ? [] : [{ how, event }]))
    .toSorted((a, b) => a.event.seq - b.event.seq)[0];
}

/**
 * Why the target may reject a call: the caller had cancelled it, a phone had declined, the hold time was over, or no push was
 * taken. A rejection with none of these behind it is the target's own doing and excuses nothing.
 */
export function isExplained(trace: Trace, call: CallView, rejection: ResponseMessage): boolean {
  const cancelled = cancelOf(call);
  return (
    (cancelled !== undefined && cancelled.seq < rejection.event.seq) ||
    declinesOf(call).some(({ event }) => event.seq < rejection.event.seq) ||
    rejection.event.atMs - call.placed.atMs >= trace.facts.deadlines.inviteWaitMs.min ||
    (call.pushes.length > 0 && call.pushes.every(({ refused }) => refused))
  );
}

/** The events that end what is owed to a call's phones. */
export function endsOf(trace: Trace, call: CallView): readonly (TraceEvent | undefined)[] {
  const { rejection } = call.caller;
  return [
    hangUpOf(call),
    answerOf(call),
    ...declinesOf(call).map(({ event }) => event),
    rejection !== undefined && isExplained(trace, call, rejection) ? rejection.event : undefined,
  ];
}

/** Pushes to a phone that are this call's, or may be: with two calls under way some payloads do not tell. */
export function pushesFor(trace: Trace, call: CallView, phone: PhoneView): readonly Push[] {
  return pushesOf(trace).filter(
    (push) =>
      push.phone === phone.ref &&
      push.request.seq > call.caller.invite.event.seq &&
      (call.pushes.includes(push) || push.call === undefined),
  );
}

/** The phone slept when the call was placed, and the target had a token for it that the push service had not refused. */
export function awaitsPush(trace: Trace, call: CallView, phone: PhoneView): boolean {
  if (!isAsleepAt(phone, call.placed)) return false;
  return tokensAt(phone, call.placed).some((token) => !isRefused(trace, call, phone, token));
}

function isRefused(trace: Trace, call: CallView, phone: PhoneView, token: string): boolean {
  const registered = phone.registrations.findLast(
    ({ accepted, bindings }) =>
      accepted !== undefined &&
      accepted.event.seq < call.placed.seq &&
      bindings.some((binding) => binding.token === token),
  );
  return pushesOf(trace).some(
    ({ response, request }) =>
      sameToken(request.token, token) &&
      response !== undefined &&
      refusesToken(response) &&
      response.seq < call.placed.seq &&
      response.seq > (registered?.request.event.seq ?? 0),
  );
}

/** When the target could first cancel a branch: it needs a 1xx (RFC 3261, 9.1). */
export function cancellableFrom(branch: Branch): TraceEvent | undefined {
  return branch.provisional?.arrived;
}

/** The later of two events. */
export function later(a: TraceEvent, b: TraceEvent): TraceEvent {
  return a.seq > b.seq ? a : b;
}
