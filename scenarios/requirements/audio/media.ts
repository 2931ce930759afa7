import type { ShownCall } from "../../../harness/judge/client-view-calls.ts";
import { clientCallsOf, type ClientCall, type ClientPhone } from "../../../harness/judge/client-view.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";

type Started = EventOf<"media.started">;
type Stopped = EventOf<"media.stopped">;

/** One time the app had media on for a call. */
export interface MediaSpan {
  readonly started: Started;
  readonly stopped: Stopped | undefined;
}

/** A call the phone showed, with the media the app had on for it. */
export interface CallWithMedia {
  readonly call: ClientCall;
  readonly shown: ShownCall;
  readonly media: readonly MediaSpan[];
}

/** Every incoming call of every phone, with its media. */
export function callsWithMedia(trace: Trace): readonly CallWithMedia[] {
  return clientCallsOf(trace).flatMap((call) =>
    call.shown
      .filter(({ ringing }) => ringing.length > 0)
      .map((shown) => ({ call, shown, media: mediaOf(trace, call, shown) })),
  );
}

/** The media spans of one phone, whatever the calls. */
export function mediaOn(trace: Trace, { ref }: Pick<ClientPhone, "ref">): readonly MediaSpan[] {
  const stops = eventsOf(trace, "media.stopped").filter(({ phone }) => phone === ref);
  return eventsOf(trace, "media.started")
    .filter(({ phone }) => phone === ref)
    .map((started) => ({
      started,
      stopped: stops.find(({ seq, callUUID }) => seq > started.seq && sameId(callUUID, started.callUUID)),
    }));
}

/**
 * By the id the phone has for the call, which a later call may use again; where no call of the phone has it (an app without Telecom
 * makes it up), by the call of the plan.
 */
function mediaOf(trace: Trace, call: ClientCall, shown: ShownCall): readonly MediaSpan[] {
  const onPhone = call.phone.shown;
  const next = onPhone.find(({ id, since }) => id === shown.id && since.seq > shown.since.seq);
  const isOnlyCall = onPhone.every((other) => other.call === call.ref);
  return mediaOn(trace, call.phone).filter(({ started }) => {
    if (started.seq < shown.since.seq || started.seq > (next?.since.seq ?? Infinity)) return false;
    if (sameId(started.callUUID, shown.id)) return true;
    const isKnown = onPhone.some(({ id }) => sameId(started.callUUID, id));
    return !isKnown && (started.call === call.ref || (started.call === undefined && isOnlyCall));
  });
}

function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
