import { sipOf } from "../trace/sip-of.ts";
import type { TraceEvent } from "../trace/trace-event.ts";
import type { Trace } from "../trace/trace.ts";

/**
 * Whether the target did its main job anywhere in the trace: a server asked for a push, or sent an INVITE to a phone; an app registered,
 * or asked its phone for something. Answers alone are no work: a target that is silent, refuses everything or says yes to everything
 * keeps many rules by doing nothing, and such passes prove nothing.
 */
export function targetAtWork(trace: Trace): boolean {
  return trace.events.some(isWork);
}

function isWork(event: TraceEvent): boolean {
  if (event.by !== "target") return false;
  if (event.kind === "push.request" || event.kind === "link.request") return true;
  if (event.kind !== "sip") return false;
  const message = sipOf(event);
  if (message.kind !== "request") return false;
  return event.to === "server" ? message.method === "REGISTER" : event.to === "phone" && message.method === "INVITE";
}
