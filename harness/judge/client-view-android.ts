import { oncePerPart } from "../once-per.ts";
import { eventsOf } from "../trace/query.ts";
import type { NotificationId } from "../trace/android-event.ts";
import type { CallRef, EventOf, PhoneRef, TraceEvent } from "../trace/trace-event.ts";
import type { Trace } from "../trace/trace.ts";
import type { RingingSpan, ShownCall, ShownEnd } from "./client-view-calls.ts";
import { firstOf } from "./client-view-order.ts";

/** One notification that stood, or stands, in the shade of a phone; one posted again after it was cancelled is another. */
export interface NotificationView {
  readonly notificationId: NotificationId;
  readonly phone: PhoneRef;
  readonly shown: EventOf<"notification.shown">;
  /** `shown` and every update, in order. */
  readonly versions: readonly (EventOf<"notification.shown"> | EventOf<"notification.updated">)[];
  readonly cancelled: EventOf<"notification.cancelled"> | undefined;
  /** The connections it was taken to be about. */
  readonly connectionIds: readonly string[];
  /** The call of the plan it is about, where that is known. */
  readonly call: CallRef | undefined;
}

/** What one call of an app is to Telecom. */
export interface ConnectionView {
  readonly connectionId: string;
  readonly phone: PhoneRef;
  readonly call: CallRef | undefined;
  readonly added: EventOf<"telecom.call-added">;
  readonly states: readonly EventOf<"connection.state">[];
  readonly asked: readonly EventOf<"telecom.asked">[];
  /** The first ACTIVE. */
  readonly active: EventOf<"connection.state"> | undefined;
  readonly disconnected: EventOf<"connection.state"> | undefined;
  readonly destroyed: EventOf<"connection.destroyed"> | undefined;
}

/** A call of an Android phone: with Telecom, with notifications, or with both. */
export interface AndroidCall extends ShownCall {
  readonly connection: ConnectionView | undefined;
  readonly notifications: readonly NotificationView[];
}

type AnswerTap = EventOf<"notification.tapped"> | EventOf<"telecom.asked">;

/** The calls one Android phone had, in the order in which they came up. */
export const androidCallsOf = oncePerPart(callsOn);

function callsOn(trace: Trace, phone: PhoneRef): readonly AndroidCall[] {
  const connections = connectionsOf(trace, phone);
  const offers = notificationsOf(trace, phone).filter(isAboutCall);
  const owners = new Map(offers.map((offer) => [offer, ownerOf(offer, connections)]));
  const withTelecom = connections.map((connection) =>
    androidCall(
      trace,
      phone,
      connection,
      offers.filter((offer) => owners.get(offer) === connection),
    ),
  );
  const alone = groupsOf(offers.filter((offer) => owners.get(offer) === undefined)).map((group) =>
    androidCall(trace, phone, undefined, group),
  );
  return [...withTelecom, ...alone].toSorted((a, b) => a.since.seq - b.since.seq);
}

/** The notifications of one phone, in the order in which they were shown. */
export function notificationsOf(trace: Trace, phone: PhoneRef): readonly NotificationView[] {
  const own = <E extends TraceEvent>(events: readonly E[]) => events.filter((event) => event.phone === phone);
  const updates = own(eventsOf(trace, "notification.updated"));
  const rings = own(eventsOf(trace, "ringing.shown"));
  const cancels = own(eventsOf(trace, "notification.cancelled"));
  return own(eventsOf(trace, "notification.shown")).map((shown) => {
    const { notificationId } = shown;
    const cancelled = cancels.find((event) => event.notificationId === notificationId && event.seq > shown.seq);
    const isItsOwn = (event: TraceEvent) =>
      event.seq > shown.seq && (cancelled === undefined || event.seq < cancelled.seq);
    const versions = [shown, ...updates.filter((event) => event.notificationId === notificationId && isItsOwn(event))];
    const ringing = rings.filter(
      (event) => "notificationId" in event && event.notificationId === notificationId && isItsOwn(event),
    );
    return {
      notificationId,
      phone,
      shown,
      versions,
      cancelled,
      connectionIds: [
        ...new Set(
          [...versions, ...ringing].flatMap((event) =>
            "connectionId" in event && event.connectionId !== undefined ? [event.connectionId] : [],
          ),
        ),
      ],
      call: [...versions, ...ringing].find(({ call }) => call !== undefined)?.call,
    };
  });
}

/** The calls of one phone that Telecom took, in order. */
export function connectionsOf(trace: Trace, phone: PhoneRef): readonly ConnectionView[] {
  const added = eventsOf(trace, "telecom.call-added").filter((event) => event.phone === phone);
  return added.map((first, index) => {
    const { connectionId } = first;
    const next = added.find((event, at) => at > index && event.connectionId === connectionId);
    const own = <E extends TraceEvent & { readonly connectionId: string }>(events: readonly E[]) =>
      events.filter(
        (event) =>
          event.phone === phone &&
          event.connectionId === connectionId &&
          event.seq > first.seq &&
          (next === undefined || event.seq < next.seq),
      );
    const states = own(eventsOf(trace, "connection.state"));
    return {
      connectionId,
      phone,
      call: first.call ?? states.find(({ call }) => call !== undefined)?.call,
      added: first,
      states,
      asked: own(eventsOf(trace, "telecom.asked")),
      active: states.find(({ state }) => state === "ACTIVE"),
      disconnected: states.find(({ state }) => state === "DISCONNECTED"),
      destroyed: own(eventsOf(trace, "connection.destroyed"))[0],
    };
  });
}

/** It offers to answer, to decline or to hang up. A note of a missed call does not. */
function isAboutCall({ versions }: NotificationView): boolean {
  return versions.some(({ actions }) => actions.length > 0);
}

function isOffer({ versions }: NotificationView): boolean {
  return versions.some(({ actions }) => actions.includes("answer"));
}

/** By the connection the phone pairs it with, else by its own id, else by the call of the plan while that was in Telecom. */
function ownerOf(notification: NotificationView, connections: readonly ConnectionView[]): ConnectionView | undefined {
  const { connectionIds, notificationId, call, shown, cancelled } = notification;
  const overlaps = ({ added, disconnected }: ConnectionView) =>
    (cancelled === undefined || added.seq < cancelled.seq) &&
    (disconnected === undefined || shown.seq < disconnected.seq);
  return (
    connections.find(({ connectionId }) => connectionIds.includes(connectionId)) ??
    connections.find(({ connectionId }) => connectionId === String(notificationId)) ??
    connections.find((connection) => call !== undefined && connection.call === call && overlaps(connection))
  );
}

/** Without Telecom: a notification that offers to answer is a call, those of a call that goes on belong to it. */
function groupsOf(notifications: readonly NotificationView[]): readonly (readonly NotificationView[])[] {
  const groups: NotificationView[][] = [];
  for (const one of notifications) {
    const group = isOffer(one) ? undefined : groups.findLast(([first]) => first?.call === one.call);
    if (group === undefined) groups.push([one]);
    else group.push(one);
  }
  return groups;
}

function androidCall(
  trace: Trace,
  phone: PhoneRef,
  connection: ConnectionView | undefined,
  notifications: readonly NotificationView[],
): AndroidCall {
  const since = firstOf<TraceEvent>([connection?.added, ...notifications.map(({ shown }) => shown)]);
  const first = notifications[0];
  return {
    phone,
    platform: "android",
    id: connection?.connectionId ?? `notification ${first?.notificationId}`,
    call: connection?.call ?? notifications.find(({ call }) => call !== undefined)?.call,
    // One of the two is always there: a call is made of a connection or of a notification.
    since: since ?? (trace.events[0] as TraceEvent),
    ringing: ringingOf(trace, phone, connection, notifications),
    answered: answerOf(trace, phone, connection, notifications),
    connected: connection?.active,
    ended: endOf(connection, notifications),
    connection,
    notifications,
  };
}

/** Rings of Telecom's screen and of the notifications; those that overlap are one. */
function ringingOf(
  trace: Trace,
  phone: PhoneRef,
  connection: ConnectionView | undefined,
  notifications: readonly NotificationView[],
): readonly RingingSpan[] {
  const isMine = (event: TraceEvent): boolean => {
    const named = "notificationId" in event ? event.notificationId : undefined;
    if (named === undefined)
      return connection !== undefined && "connectionId" in event && event.connectionId === connection.connectionId;
    return notifications.some(
      ({ notificationId, shown, cancelled }) =>
        notificationId === named &&
        event.seq > shown.seq &&
        // The ring of a cancelled notification ends right after it.
        (cancelled === undefined || event.kind === "ringing.ended" || event.seq < cancelled.seq),
    );
  };
  const own = <E extends TraceEvent>(events: readonly E[]) =>
    events.filter((event) => event.phone === phone && isMine(event));
  const sourceOf = (event: TraceEvent) => ("notificationId" in event ? event.notificationId : undefined);
  const ends = own(eventsOf(trace, "ringing.ended"));
  const spans = own(eventsOf(trace, "ringing.shown")).map((from): RingingSpan => ({
    from,
    until: ends.find((event) => event.seq > from.seq && sourceOf(event) === sourceOf(from)),
  }));
  const merged: { from: TraceEvent; until: TraceEvent | undefined }[] = [];
  for (const span of spans) {
    const last = merged.at(-1);
    if (last === undefined || (last.until !== undefined && last.until.seq < span.from.seq)) merged.push({ ...span });
    else if (last.until !== undefined && (span.until === undefined || span.until.seq > last.until.seq))
      last.until = span.until;
  }
  return merged;
}

function answerOf(
  trace: Trace,
  phone: PhoneRef,
  connection: ConnectionView | undefined,
  notifications: readonly NotificationView[],
): AnswerTap | undefined {
  const taps = eventsOf(trace, "notification.tapped").filter(
    (event) =>
      event.phone === phone &&
      event.action === "answer" &&
      notifications.some(
        ({ notificationId, shown, cancelled }) =>
          notificationId === event.notificationId &&
          event.seq > shown.seq &&
          (cancelled === undefined || event.seq < cancelled.seq),
      ),
  );
  return firstOf<AnswerTap>([...taps, ...(connection?.asked ?? []).filter(({ act }) => act === "answer")]);
}

function endOf(
  connection: ConnectionView | undefined,
  notifications: readonly NotificationView[],
): ShownEnd | undefined {
  if (connection !== undefined) {
    const event = firstOf<TraceEvent>([connection.disconnected, connection.destroyed]);
    return event === undefined
      ? undefined
      : { event, why: connection.disconnected?.disconnectCause ?? "no cause given" };
  }
  const open = notifications.some(({ cancelled }) => cancelled === undefined);
  const last = notifications
    .map(({ cancelled }) => cancelled)
    .toSorted((a, b) => (a?.seq ?? 0) - (b?.seq ?? 0))
    .at(-1);
  return open || last === undefined ? undefined : { event: last, why: last.why };
}
