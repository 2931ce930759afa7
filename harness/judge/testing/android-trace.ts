import type {
  ConnectionState,
  DisconnectCause,
  ForegroundType,
  NotificationAction,
  NotificationId,
  NotificationStyle,
  Surface,
  TelecomAct,
} from "../../trace/android-event.ts";
import type { CallRef, EventOf, PhoneRef } from "../../trace/trace-event.ts";
import { clientTraceBuilder, type ClientTraceBuilder, type ClientTraceSetup } from "./client-trace-builder.ts";
import type { Details } from "./trace-recording.ts";

export interface NotificationDetails extends Details {
  readonly notificationId?: NotificationId;
  readonly style?: NotificationStyle;
  readonly fullScreenIntent?: boolean;
  readonly actions?: readonly string[];
  readonly surface?: Surface;
  /** The call the phone takes it to be about. @default that of the call, where Telecom has it */
  readonly connectionId?: string | null;
}

export interface MessageTrail {
  readonly delivered: EventOf<"push.delivered">;
  readonly handed: EventOf<"message.window-opened">;
  readonly request: EventOf<"link.request">;
}

/** The parts of an Android phone. A call is `connectionOf(call)` to Telecom, and the id of its notification is the same. */
export interface AndroidTrace extends ClientTraceBuilder {
  connectionOf(call: CallRef): string;
  /** The push reaches the phone, and `onMessageReceived` begins. */
  message(
    phone: PhoneRef,
    call: CallRef,
    details?: Details & { push?: string; payload?: unknown; priority?: "high" | "normal"; forMs?: number },
  ): MessageTrail;
  /** The handler returns. */
  messageReturns(message: MessageTrail, details?: Details): EventOf<"message.handled">;
  /** The window of the message is over. */
  windowCloses(message: MessageTrail, shown?: boolean, details?: Details): EventOf<"message.window-closed">;
  /** The app adds the call to Telecom, which takes it and has it RINGING. */
  adds(
    phone: PhoneRef,
    call: CallRef,
    details?: Details & { shownBy?: "app" | "telecom" },
  ): EventOf<"telecom.call-added">;
  /** The app adds the call to Telecom, which refuses it. */
  isRefused(phone: PhoneRef, call: CallRef, details?: Details & { why?: string }): EventOf<"telecom.refused">;
  /** The app posts the notification of an incoming call, which rings. */
  posts(phone: PhoneRef, call: CallRef, details?: NotificationDetails): EventOf<"notification.shown">;
  /** The app turns it into that of a call that goes on; it rings no more. */
  updates(phone: PhoneRef, call: CallRef, details?: NotificationDetails): EventOf<"notification.updated">;
  cancels(phone: PhoneRef, call: CallRef, details?: NotificationDetails): EventOf<"notification.cancelled">;
  /** The user taps a button of it. */
  taps(
    phone: PhoneRef,
    call: CallRef,
    action: NotificationAction,
    details?: Details & { notificationId?: NotificationId },
  ): EventOf<"notification.tapped">;
  /** The user, or Telecom itself, goes by a callback. */
  asked(phone: PhoneRef, call: CallRef, act: TelecomAct, details?: Details): EventOf<"telecom.asked">;
  /** The app moves its call in Telecom. */
  moves(
    phone: PhoneRef,
    call: CallRef,
    state: ConnectionState,
    details?: Details & { cause?: number; disconnectCause?: DisconnectCause },
  ): EventOf<"connection.state">;
  destroys(
    phone: PhoneRef,
    call: CallRef,
    details?: Details & { disconnected?: boolean },
  ): EventOf<"connection.destroyed">;
  startsService(phone: PhoneRef, types: readonly ForegroundType[], details?: Details): EventOf<"service.started">;
  serviceRefused(phone: PhoneRef, types: readonly ForegroundType[], exception: string): EventOf<"service.refused">;
  stopsService(phone: PhoneRef, details?: Details): EventOf<"service.stopped">;
  /** Message, call in Telecom, notification that rings; then the handler returns. */
  rings(phone: PhoneRef, call: CallRef): { readonly message: MessageTrail };
  /** Disconnected, destroyed, and no notification any more. */
  ends(phone: PhoneRef, call: CallRef, cause: DisconnectCause, details?: Details): void;
}

/** A client trace whose phones are Android phones, unless its setup says otherwise. */
export function androidTrace(setup: ClientTraceSetup = {}): AndroidTrace {
  const t = clientTraceBuilder({
    ...setup,
    phones: (setup.phones ?? [{}]).map((phone) => ({ platform: "android", ...phone })),
  });
  const added = new Set<string>();
  const connectionOf = (call: CallRef) => `connection-${call}`;
  const about = (phone: PhoneRef, call: CallRef, named: string | null | undefined) => {
    const connectionId = named ?? (added.has(`${phone} ${call}`) ? connectionOf(call) : undefined);
    return named === null || connectionId === undefined ? {} : { connectionId };
  };
  const isCore = t.facts.app?.telecom === "core";
  const standing = new Map<string, boolean>();

  function shownBody(
    call: CallRef,
    phone: PhoneRef,
    kind: "notification.shown" | "notification.updated",
    details: NotificationDetails,
    actions: readonly string[],
  ) {
    const {
      notificationId = connectionOf(call),
      style = "CallStyle",
      fullScreenIntent = true,
      surface = "full-screen",
    } = details;
    const posted = { notificationId, style, fullScreenIntent, actions: details.actions ?? actions };
    return { posted, body: { kind, ...posted, surface, ...about(phone, call, details.connectionId) } as const };
  }
  const timing = ({ atMs, afterMs, lagMs }: Details): Details => ({
    ...(atMs === undefined ? {} : { atMs }),
    ...(afterMs === undefined ? {} : { afterMs }),
    ...(lagMs === undefined ? {} : { lagMs }),
  });

  const builder: AndroidTrace = Object.assign(t, {
    connectionOf,
    message(
      phone: PhoneRef,
      call: CallRef,
      {
        forMs = 10_000,
        ...details
      }: Details & { push?: string; payload?: unknown; priority?: "high" | "normal"; forMs?: number } = {},
    ): MessageTrail {
      const delivered = t.delivers(phone, call, { priority: "high", ...details });
      const handed = t.happens(
        phone,
        { kind: "message.window-opened", push: delivered.push, forMs },
        { call, afterMs: 0 },
      );
      const message = { messageId: delivered.push, data: delivered.payload, priority: delivered.priority };
      const request = t.asking(phone, "messagingService.onMessageReceived", { message }, { call, afterMs: 0 });
      return { delivered, handed, request };
    },
    messageReturns({ handed, request }: MessageTrail, details: Details = {}) {
      const reply = t.replies(request, details);
      return t.happens(
        phoneOf(handed),
        { kind: "message.handled", push: handed.push },
        { cause: reply.seq, afterMs: 0 },
      );
    },
    windowCloses({ handed }: MessageTrail, shown = true, details: Details = {}) {
      const body = { kind: "message.window-closed", push: handed.push, handled: true, shown } as const;
      return t.happens(phoneOf(handed), body, details);
    },
    adds(
      phone: PhoneRef,
      call: CallRef,
      { shownBy = "app", ...details }: Details & { shownBy?: "app" | "telecom" } = {},
    ) {
      const connectionId = connectionOf(call);
      added.add(`${phone} ${call}`);
      const method = isCore ? "callsManager.addCall" : "telecom.addNewIncomingCall";
      const body = { kind: "telecom.call-added", connectionId, shownBy } as const;
      const said = t.says(phone, method, { connectionId, hasVideo: false }, [body], { ...details, call });
      if (!isCore) t.asks(phone, "connectionService.onCreateIncomingConnection", { connectionId });
      builder.moves(phone, call, "RINGING");
      if (shownBy === "telecom") {
        t.happens(phone, { kind: "ringing.shown", why: "telecom", surface: "in-call", connectionId }, { call });
      }
      return said.outcome[0] as EventOf<"telecom.call-added">;
    },
    isRefused(
      phone: PhoneRef,
      call: CallRef,
      { why = "another call cannot be held", ...details }: Details & { why?: string } = {},
    ) {
      const connectionId = connectionOf(call);
      const method = isCore ? "callsManager.addCall" : "telecom.addNewIncomingCall";
      const body = { kind: "telecom.refused", connectionId, why } as const;
      const said = t.says(phone, method, { connectionId, hasVideo: false }, [body], { ...details, call });
      if (!isCore) t.asks(phone, "connectionService.onCreateIncomingConnectionFailed", { connectionId });
      return said.outcome[0] as EventOf<"telecom.refused">;
    },
    posts(phone: PhoneRef, call: CallRef, details: NotificationDetails = {}) {
      const { posted, body } = shownBody(call, phone, "notification.shown", details, ["answer", "decline"]);
      const rings = posted.actions.includes("answer");
      standing.set(`${phone} ${posted.notificationId}`, rings);
      const { surface, notificationId } = body;
      const ringing = {
        kind: "ringing.shown",
        why: "notification",
        surface,
        notificationId,
        ...about(phone, call, details.connectionId),
      } as const;
      const said = t.says(phone, "notification.post", posted, rings ? [body, ringing] : [body], {
        ...timing(details),
        call,
      });
      return said.outcome[0] as EventOf<"notification.shown">;
    },
    updates(phone: PhoneRef, call: CallRef, details: NotificationDetails = {}) {
      const { posted, body } = shownBody(call, phone, "notification.updated", details, ["hangup"]);
      const key = `${phone} ${posted.notificationId}`;
      const stops = standing.get(key) === true && !posted.actions.includes("answer");
      if (stops) standing.set(key, false);
      const ended = {
        kind: "ringing.ended",
        why: "answered",
        notificationId: body.notificationId,
        ...about(phone, call, details.connectionId),
      } as const;
      const said = t.says(phone, "notification.post", posted, stops ? [body, ended] : [body], {
        ...timing(details),
        call,
      });
      return said.outcome[0] as EventOf<"notification.updated">;
    },
    cancels(phone: PhoneRef, call: CallRef, details: NotificationDetails = {}) {
      const { notificationId = connectionOf(call) } = details;
      const key = `${phone} ${notificationId}`;
      const body = { kind: "notification.cancelled", notificationId, why: "the app" } as const;
      const ended = {
        kind: "ringing.ended",
        why: "cancelled",
        notificationId,
        ...about(phone, call, details.connectionId),
      } as const;
      const rang = standing.get(key) === true;
      standing.delete(key);
      const said = t.says(phone, "notification.cancel", { notificationId }, rang ? [body, ended] : [body], {
        ...timing(details),
        call,
      });
      return said.outcome[0] as EventOf<"notification.cancelled">;
    },
    taps(
      phone: PhoneRef,
      call: CallRef,
      action: NotificationAction,
      { notificationId = connectionOf(call), ...details }: Details & { notificationId?: NotificationId } = {},
    ) {
      const through = { through: "notification", ...details } as const;
      if (action === "answer") t.userAnswers(phone, call, through);
      else if (action === "decline") t.userDeclines(phone, call, through);
      else t.userHangsUp(phone, call, through);
      const tapped = t.happens(phone, { kind: "notification.tapped", notificationId, action }, { call });
      t.asks(phone, "notification.action", { notificationId, action }, { call });
      return tapped;
    },
    asked(phone: PhoneRef, call: CallRef, act: TelecomAct, details: Details = {}) {
      const connectionId = connectionOf(call);
      const event = t.happens(phone, { kind: "telecom.asked", connectionId, act }, { ...details, call });
      t.asks(phone, isCore ? "callsManager.onAnswer" : "connection.onAnswer", { connectionId }, { call });
      return event;
    },
    moves(
      phone: PhoneRef,
      call: CallRef,
      state: ConnectionState,
      { disconnectCause, ...details }: Details & { disconnectCause?: DisconnectCause } = {},
    ) {
      const connectionId = connectionOf(call);
      const body = {
        kind: "connection.state",
        connectionId,
        state,
        asker: "app",
        ...(disconnectCause === undefined ? {} : { disconnectCause }),
      } as const;
      const method = state === "DISCONNECTED" ? "connection.setDisconnected" : `connection.set${state}`;
      const said = t.says(phone, method, { connectionId }, [body], { ...details, call });
      return said.outcome[0] as EventOf<"connection.state">;
    },
    destroys(
      phone: PhoneRef,
      call: CallRef,
      { disconnected = true, ...details }: Details & { disconnected?: boolean } = {},
    ) {
      const connectionId = connectionOf(call);
      const body = { kind: "connection.destroyed", connectionId, disconnected } as const;
      const said = t.says(phone, "connection.destroy", { connectionId }, [body], { ...details, call });
      return said.outcome[0] as EventOf<"connection.destroyed">;
    },
    startsService(phone: PhoneRef, types: readonly ForegroundType[], details: Details = {}) {
      const said = t.says(phone, "service.startForeground", { types }, [{ kind: "service.started", types }], details);
      return said.outcome[0] as EventOf<"service.started">;
    },
    serviceRefused(phone: PhoneRef, types: readonly ForegroundType[], exception: string) {
      const body = { kind: "service.refused", types, exception, why: "no call was answered" } as const;
      return t.says(phone, "service.startForeground", { types }, [body]).outcome[0] as EventOf<"service.refused">;
    },
    stopsService(phone: PhoneRef, details: Details = {}) {
      const body = { kind: "service.stopped", why: "the app stopped it" } as const;
      return t.says(phone, "service.stopForeground", {}, [body], details).outcome[0] as EventOf<"service.stopped">;
    },
    rings(phone: PhoneRef, call: CallRef) {
      const message = builder.message(phone, call);
      if (t.facts.app?.telecom !== "none") builder.adds(phone, call);
      builder.posts(phone, call);
      builder.messageReturns(message);
      return { message };
    },
    ends(phone: PhoneRef, call: CallRef, cause: DisconnectCause, details: Details = {}) {
      if (t.facts.app?.telecom !== "none") {
        builder.moves(phone, call, "DISCONNECTED", { ...details, disconnectCause: cause });
        if (!isCore) builder.destroys(phone, call);
      }
      builder.cancels(phone, call);
    },
  });
  return builder;
}

function phoneOf(event: { readonly phone?: PhoneRef }): PhoneRef {
  return event.phone ?? "phone:1";
}
