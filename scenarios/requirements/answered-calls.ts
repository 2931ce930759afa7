import { clientCallsOf, type ClientCall } from "../../harness/judge/client-view.ts";
import { iosPhoneOf, type IosCall } from "../../harness/judge/client-view-ios.ts";
import type { Leg } from "../../harness/judge/client-view-legs.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import type { TraceEvent } from "../../harness/trace/trace-event.ts";

/** A call of the plan with one call that the iPhone showed for it. */
export interface ShownOnIphone {
  readonly call: ClientCall;
  readonly shown: IosCall;
}

/** Every call that an iPhone showed, with the call of the plan it is; outgoing calls are not among them. */
export function shownOnIphones(trace: Trace): readonly ShownOnIphone[] {
  return clientCallsOf(trace, "ios").flatMap((call) =>
    iosPhoneOf(trace, call.phone.ref)
      .calls.filter((shown) => shown.call === call.ref && shown.ringing.length > 0)
      .map((shown) => ({ call, shown })),
  );
}

/** The leg of the call that the app accepted, else its first one. */
export function mainLegOf({ legs }: ClientCall): Leg | undefined {
  return legs.find(({ answer }) => answer !== undefined) ?? legs[0];
}

/** The newest of them, by `seq`. */
export function lastOf(events: readonly (TraceEvent | undefined)[]): TraceEvent | undefined {
  return events.reduce<TraceEvent | undefined>(
    (last, event) => (event !== undefined && event.seq > (last?.seq ?? -1) ? event : last),
    undefined,
  );
}
