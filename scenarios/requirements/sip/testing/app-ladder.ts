import {
  clientTraceBuilder,
  type ClientTraceBuilder,
  type ClientTraceSetup,
} from "../../../../harness/judge/testing/client-trace-builder.ts";
import type { CallRef, PhoneRef } from "../../../../harness/trace/trace-event.ts";

export const phone: PhoneRef = "phone:1";
export const call: CallRef = "call:1";

/** A builder whose phone has the app in the foreground, registered: nothing but SIP has to happen. */
export function app(setup: ClientTraceSetup = {}): ClientTraceBuilder {
  return clientTraceBuilder({ phones: [{ app: "foreground", signalling: "connected" }], ...setup });
}

/** The app is told a token: the newest one of the phone from now on. */
export function tellsToken(t: ClientTraceBuilder, token = t.tokenOf(phone)) {
  if (token !== t.tokenOf(phone)) t.issuesToken(phone, token);
  return t.asks(phone, "pushRegistry.didUpdatePushCredentials", { type: "voip", token }).request;
}

/** A push that is handed over to the app; the delegate returns at once. */
export function push(t: ClientTraceBuilder) {
  const { push: id, payload } = t.delivers(phone, call);
  const handed = t.happens(phone, { kind: "push.received", push: id, mustReport: false }, { call });
  t.asks(phone, "pushRegistry.didReceiveIncomingPush", { pushId: id, payload });
  return handed;
}

/** A correct call from INVITE to BYE, rung on an iPhone and answered by its user; for tests. */
export function answeredByApp(setup: ClientTraceSetup = {}): ClientTraceBuilder {
  const t = app(setup);
  t.inviteSent(phone, call);
  t.appSends(phone, call, 100);
  shows(t);
  t.appSends(phone, call, 180);
  t.userAnswers(phone, call);
  t.appSends(phone, call, 200);
  t.ackSent(phone, call);
  t.byeSent(phone, call);
  return t;
}

/** A correct call that the caller gives up while the phone rings; for tests. */
export function cancelledAtApp(setup: ClientTraceSetup = {}): ClientTraceBuilder {
  const t = app(setup);
  t.inviteSent(phone, call);
  shows(t);
  t.appSends(phone, call, 180);
  t.cancelSent(phone, call);
  return t;
}

/** The phone rings. */
export function shows(t: ClientTraceBuilder, callUUID = "00000000-0000-4000-8000-000000000001") {
  return t.happens(phone, { kind: "ringing.shown", why: "invite", callUUID }, { call });
}
