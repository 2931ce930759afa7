import { on } from "../../../harness/plan/plan-parts.ts";
import type { AnchorExpression } from "../../../harness/plan/plan.ts";
import type { Profile, RunFacts } from "../../../harness/trace/run-facts.ts";
import type { PhoneRef } from "../../../harness/trace/trace-event.ts";

/** Whether a woken app has to REGISTER although it is registered (RFC 8599 4.1.3), which is also what no registration at all means. */
export function refreshesOnPush({ registration }: Profile): boolean {
  const { contactParams, header } = registration;
  return "pn-prid" in (contactParams ?? {}) || (contactParams === undefined && header === undefined);
}

/** When a server that has pushed sends the INVITE: the binding is fresh or, where none is due, the app runs. */
export function reachable({ profile }: RunFacts, phone: PhoneRef = "phone:1"): AnchorExpression {
  const registered = on("phone.registered", phone);
  return refreshesOnPush(profile) ? registered : { any: [registered, on("ringing.shown", phone)] };
}

/** The phone rings, and the INVITE is there too. */
export function ringing(phone: PhoneRef = "phone:1"): AnchorExpression {
  return { all: [on("ringing.shown", phone), on("invite.received", phone)] };
}
