import { oncePer } from "../once-per.ts";
import { before, eventsOf, SOCKET_ORDER_TOLERANCE_MS } from "../trace/query.ts";
import type { PhoneIdentity, Trace } from "../trace/trace.ts";
import type { EventOf, PhoneRef, TraceEvent, Transport } from "../trace/trace-event.ts";
import { bindingsAfter, isRemoval, type Binding } from "./call-view-bindings.ts";
import { isRequest, messagesOf, responsesTo, type RequestMessage, type ResponseMessage } from "./call-view-messages.ts";

/** A REGISTER of a phone and what became of it. */
export interface Registration {
  readonly request: RequestMessage;
  /** The target's 2xx; undefined while there is none. */
  readonly accepted: ResponseMessage | undefined;
  readonly flow: string;
  /** It only takes bindings away. */
  readonly removes: boolean;
  /** The phone's bindings once it was accepted. */
  readonly bindings: readonly Binding[];
}

/** `down` covers closed and silent: nobody there. */
export interface FlowSpan {
  readonly flow: string;
  readonly opened: EventOf<"flow.opened">;
  readonly down: EventOf<"flow.closed"> | EventOf<"flow.silenced"> | undefined;
}

export interface PhoneView {
  readonly ref: PhoneRef;
  readonly identity: PhoneIdentity;
  readonly transport: Transport;
  /** Its network vanished without a farewell (the plan says so): a target cannot know. */
  readonly halfDead: boolean;
  /** Its registration ran out before the first step. */
  readonly expired: boolean;
  readonly flows: readonly FlowSpan[];
  readonly registrations: readonly Registration[];
}

/** The phones of a case; none for a trace that names no identities. */
export const phonesOf = oncePer((trace: Trace): readonly PhoneView[] =>
  Object.entries(trace.identities?.phones ?? {}).map(([name, identity]) => {
    const ref = name as PhoneRef;
    const plan = trace.plan?.phones[Number(name.slice("phone:".length)) - 1];
    return {
      ref,
      identity,
      transport: trace.plan?.transport ?? "udp",
      halfDead: plan?.signalling === "half-dead",
      expired: plan?.signalling === "expired",
      flows: flowsOf(trace, ref),
      registrations: registrationsOf(trace, ref, identity),
    };
  }),
);

function flowsOf(trace: Trace, phone: PhoneRef): readonly FlowSpan[] {
  const downs = [...eventsOf(trace, "flow.closed"), ...eventsOf(trace, "flow.silenced")]
    .filter((event) => event.phone === phone)
    .toSorted((a, b) => a.seq - b.seq);
  return eventsOf(trace, "flow.opened")
    .filter((event) => event.phone === phone)
    .map((opened) => ({
      flow: opened.flow,
      opened,
      down: downs.find((event) => event.flow === opened.flow && event.seq > opened.seq),
    }));
}

function registrationsOf(trace: Trace, phone: PhoneRef, identity: PhoneIdentity): readonly Registration[] {
  const messages = messagesOf(trace).filter(({ event }) => event.phone === phone);
  let bindings: readonly Binding[] = [];
  return messages
    .filter((message): message is RequestMessage => isRequest(message, "REGISTER"))
    .map((request) => {
      const accepted = responsesTo(request, messages).find(({ sip: { status } }) => status >= 200 && status < 300);
      if (accepted !== undefined) bindings = bindingsAfter(bindings, request, trace.facts.profile, identity.tokens);
      return { request, accepted, flow: request.event.flow, removes: isRemoval(request), bindings };
    });
}

/** The newest registration the target had accepted when `event` happened, and perhaps removed everything with. */
export function newestRegistration(phone: PhoneView, event: TraceEvent): Registration | undefined {
  return phone.registrations.findLast(({ accepted }) => accepted !== undefined && accepted.event.seq < event.seq);
}

/** Bindings and tokens the target owed the phone at that event. */
export function bindingsAt(phone: PhoneView, event: TraceEvent): readonly Binding[] {
  return newestRegistration(phone, event)?.bindings ?? [];
}

export function tokensAt(phone: PhoneView, event: TraceEvent): readonly string[] {
  return [...new Set(bindingsAt(phone, event).flatMap(({ token }) => (token === undefined ? [] : [token])))];
}

/** True for a token the phone was issued, now or earlier. A push for an invented one may still be held to be meant for the phone. */
export function isTokenOf(phone: PhoneView, token: string | undefined): boolean {
  return phone.identity.tokens.some((issued) => issued.toLowerCase() === token?.toLowerCase());
}

/** The newest socket the phone had opened when `event` happened. */
export function newestFlow(phone: PhoneView, event: TraceEvent): FlowSpan | undefined {
  return phone.flows.findLast(({ opened }) => opened.seq < event.seq);
}

/** The phone answers what comes over its newest socket. */
export function isUpAt(phone: PhoneView, event: TraceEvent): boolean {
  const flow = newestFlow(phone, event);
  return flow !== undefined && (flow.down === undefined || flow.down.seq > event.seq);
}

/** True when that socket of the phone is read and answered at the event. */
export function isFlowUpAt(phone: PhoneView, flow: string, event: TraceEvent): boolean {
  const span = phone.flows.findLast((candidate) => candidate.flow === flow && candidate.opened.seq < event.seq);
  return span !== undefined && (span.down === undefined || span.down.seq > event.seq);
}

/**
 * Nobody was at the phone's newest socket when `event` happened, and the target could know or had to expect it: never over UDP alone,
 * where nobody can know, nor on a stream that is merely silent.
 */
export function isAsleepAt(phone: PhoneView, event: TraceEvent): boolean {
  const down = newestFlow(phone, event)?.down;
  if (down === undefined || phone.halfDead || phone.expired || down.seq > event.seq) return false;
  // A close that has only just left may reach the target after what it is to be judged by.
  const known = event.atMs - down.atMs >= SOCKET_ORDER_TOLERANCE_MS;
  return phone.transport === "udp" || (down.kind === "flow.closed" && known);
}

/** True when the phone was reachable, and registered over that very socket, when `event` happened. */
export function isConnectedAt(phone: PhoneView, event: TraceEvent): boolean {
  const registration = newestRegistration(phone, event);
  const flow = newestFlow(phone, event);
  return (
    registration !== undefined &&
    registration.bindings.length > 0 &&
    flow !== undefined &&
    registration.flow === flow.flow &&
    registration.accepted !== undefined &&
    before(registration.accepted.event, event) === "yes" &&
    isUpAt(phone, event)
  );
}
