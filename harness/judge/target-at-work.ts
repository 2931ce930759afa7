import { sipOf } from "../trace/sip-of.ts";
import type { TraceEvent } from "../trace/trace-event.ts";
import type { Trace } from "../trace/trace.ts";

/**
 * Whether the target did its main job anywhere in the trace: asked for a push, or sent an INVITE to a phone. Answers alone are
 * no work: a target that is silent, refuses everything or says 200 to everything keeps many rules by doing nothing, and such
 * passes prove nothing.
 */
export function targetAtWork(trace: Trace): boolean {
  return trace.events.some(isWork);
}

function isWork(event: TraceEvent): boolean {
  if (event.by !== "target") return false;
  if (event.kind === "push.request") return true;
  if (event.kind !== "sip" || event.to !== "phone") return false;
  const message = sipOf(event);
  return message.kind === "request" && message.method === "INVITE";
}
