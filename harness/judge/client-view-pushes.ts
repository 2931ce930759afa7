import { eventsOf } from "../trace/query.ts";
import type { CallRef, EventOf, PhoneRef, Platform, TraceEvent } from "../trace/trace-event.ts";
import type { Trace } from "../trace/trace.ts";
import { readPayload, type PayloadReading } from "./client-view-payload.ts";
import { linkRequests, paramOf, type LinkRequest } from "./client-view-link.ts";

/** One push that reached a phone, and what the phone and its app did with it. */
export interface ClientPush {
  readonly id: string;
  readonly phone: PhoneRef;
  /** The call of the plan it is about. */
  readonly call: CallRef | undefined;
  readonly delivered: EventOf<"push.delivered">;
  readonly payload: unknown;
  readonly reading: PayloadReading;
  /** The phone called the app for it; undefined where it never did (withheld, in the tray, launch failed). */
  readonly handed: EventOf<"push.received"> | EventOf<"message.window-opened"> | undefined;
  /** The request it was handed over with. */
  readonly request: LinkRequest | undefined;
  /** The delegate method or the handler returned. */
  readonly returned: EventOf<"push.returned"> | EventOf<"message.handled"> | undefined;
  /** iOS: the system asks for a report. */
  readonly mustReport: boolean;
  /** iOS: a push with the same payload was handed over to this phone before. */
  readonly isAgain: boolean;
  /** iOS: the completion handler was called. */
  readonly completions: readonly EventOf<"push.completed">[];
}

/** The pushes that reached a phone, in order. */
export function clientPushesOf(trace: Trace, phone: PhoneRef, platform: Platform): readonly ClientPush[] {
  const ofPhone = <E extends TraceEvent>(events: readonly E[]) => events.filter((event) => event.phone === phone);
  const requests = linkRequests(trace, phone).filter(
    ({ method }) => method === "pushRegistry.didReceiveIncomingPush" || method === "messagingService.onMessageReceived",
  );
  const handings = ofPhone([...eventsOf(trace, "push.received"), ...eventsOf(trace, "message.window-opened")]);
  const returns = ofPhone([...eventsOf(trace, "push.returned"), ...eventsOf(trace, "message.handled")]);
  const completions = ofPhone(eventsOf(trace, "push.completed"));
  const seen = new Map<string, number>();
  const payloads = new Set<string>();
  return ofPhone(eventsOf(trace, "push.delivered")).map((delivered): ClientPush => {
    const { push: id, call, payload } = delivered;
    // Copies of one push are handed over in the order in which they were delivered.
    const nth = seen.get(id) ?? 0;
    seen.set(id, nth + 1);
    const named = <E extends { readonly push: string }>(events: readonly E[]) =>
      events.filter((event) => event.push === id);
    const handed = named(handings)[nth];
    const text = JSON.stringify(payload) ?? "";
    const isAgain = payloads.has(text);
    if (handed !== undefined) payloads.add(text);
    return {
      id,
      phone,
      call,
      delivered,
      payload,
      reading: readPayload(payload, trace.facts.profile, platform),
      handed,
      request: handed === undefined ? undefined : requests.filter((request) => pushIdOf(request) === id)[nth],
      returned: handed === undefined ? undefined : named(returns).find(({ seq }) => seq > handed.seq),
      mustReport: handed?.kind === "push.received" && handed.mustReport,
      isAgain,
      completions: named(completions),
    };
  });
}

function pushIdOf(request: LinkRequest): unknown {
  return paramOf(request.event, "pushId") ?? paramOf(request.event, "message", "messageId");
}
