import { androidTrace, type AndroidTrace } from "../../../../harness/judge/testing/android-trace.ts";
import type { ClientTraceSetup } from "../../../../harness/judge/testing/client-trace-builder.ts";
import type { CallRef, PhoneRef } from "../../../../harness/trace/trace-event.ts";

export const phone: PhoneRef = "phone:1";
export const call: CallRef = "call:1";

/** A builder whose Android phone has the app in the background, registered. */
export function android(setup: ClientTraceSetup = {}): AndroidTrace {
  return androidTrace({ phones: [{ platform: "android", app: "background", signalling: "connected" }], ...setup });
}

/** Pushed, shown, registered and invited: the phone rings for a call that is there. */
export function ringing(setup: ClientTraceSetup = {}): AndroidTrace {
  const t = android(setup);
  t.rings(phone, call);
  t.registers(phone);
  t.inviteSent(phone, call);
  t.appSends(phone, call, 180);
  return t;
}

/** ... and its user answered it by the notification. */
export function inCall(setup: ClientTraceSetup = {}): AndroidTrace {
  const t = ringing(setup);
  t.taps(phone, call, "answer");
  t.startsService(phone, ["phoneCall", "microphone"]);
  t.appSends(phone, call, 200);
  t.ackSent(phone, call);
  if (t.facts.app?.telecom !== "none") t.moves(phone, call, "ACTIVE");
  t.updates(phone, call);
  return t;
}

/** A whole correct call that the caller hangs up. */
export function wholeCall(setup: ClientTraceSetup = {}): AndroidTrace {
  const t = inCall(setup);
  t.byeSent(phone, call);
  t.ends(phone, call, "REMOTE");
  t.stopsService(phone);
  return t;
}

/** A correct call that the caller gives up while the phone rings. */
export function cancelledCall(setup: ClientTraceSetup = {}): AndroidTrace {
  const t = ringing(setup);
  t.cancelSent(phone, call);
  t.ends(phone, call, "MISSED");
  return t;
}
