import { isUpAt, type PhoneView } from "../../../harness/judge/call-view-phones.ts";
import type { Push } from "../../../harness/judge/call-view-pushes.ts";
import type { CallView } from "../../../harness/judge/call-view.ts";
import { before } from "../../../harness/trace/query.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import { endOf } from "./call-facts.ts";

/** A push after the first accepted one, and what the target knew then: still waiting for the phone, phone awake, or call over. */
export interface FurtherPush {
  readonly push: Push;
  readonly phase: "waiting" | "awake" | "ended";
  /** What began that phase. */
  readonly since: TraceEvent;
}

/**
 * The first accepted push of a call to a phone's token and those after it. Pushes that wake a phone again which had been awake and
 * went away are initial ones.
 */
export function furtherPushes(
  call: CallView,
  phone: PhoneView,
): { readonly initial: Push | undefined; readonly further: readonly FurtherPush[] } {
  const pushes = call.pushes.filter((push) => push.phone === phone.ref);
  const initial = pushes.find(({ accepted }) => accepted);
  if (initial === undefined) return { initial, further: [] };
  const ended = endOf(call)?.event;
  const woken = wokenAt(call, phone, initial);
  const further = pushes
    .filter((push) => push.request.seq > initial.request.seq && push.token === initial.token)
    .filter((push) => woken === undefined || woken.seq > push.request.seq || isUpAt(phone, push.request))
    .map((push): FurtherPush => {
      if (ended !== undefined && before(ended, push.request) === "yes") return { push, phase: "ended", since: ended };
      if (woken !== undefined && before(woken, push.request) === "yes") return { push, phase: "awake", since: woken };
      return { push, phase: "waiting", since: initial.request };
    });
  return { initial, further };
}

/** When the target knew that the phone was awake: it accepted a REGISTER, or had an answer to an INVITE of the call. */
function wokenAt(call: CallView, phone: PhoneView, initial: Push): TraceEvent | undefined {
  const registered = phone.registrations.find(
    ({ removes, accepted, request }) => !removes && accepted !== undefined && request.event.seq > initial.request.seq,
  );
  const responded = call.branches.find((branch) => branch.phone === phone.ref)?.responses[0];
  return [registered?.accepted?.event, responded?.arrived]
    .flatMap((event) => (event === undefined ? [] : [event]))
    .toSorted((a, b) => a.seq - b.seq)[0];
}
