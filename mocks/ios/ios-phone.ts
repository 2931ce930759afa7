import { appLife } from "../os/app-life.ts";
import type { EmitOsEvent, PhoneOs } from "../os/phone-os.ts";

/**
 * As much of iOS as a server can notice. A PushKit push starts the app, and CallKit shows the call at once, long before any
 * INVITE; an INVITE for a call that already rings shows nothing new (Apple, "Responding to VoIP Notifications from PushKit").
 */
export function iosPhone(running: boolean, token: string, emit: EmitOsEvent): PhoneOs {
  return Object.assign(appLife(running, token, emit), { admit: () => ({ kind: "now" }) as const });
}
