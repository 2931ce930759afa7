import { traceBuilder } from "../../../../harness/judge/testing/trace-builder.ts";
import type { Trace } from "../../../../harness/trace/trace.ts";
import type { Platform } from "../../../../harness/trace/trace-event.ts";
import type { PushRule } from "../no-finding.ts";

/** A case with one call that led to one push; for tests. */
export function cleanPush(platform: Platform = "ios"): Trace {
  const ladder = traceBuilder({ phones: [{ platform }] });
  ladder.callerInvites("call:1");
  ladder.push("phone:1", "call:1");
  return ladder.finished();
}

/** A case whose push drew one finding of its service's rule table; `request` is the `seq` of the push. */
export function pushWithFinding(
  rule: PushRule,
  mismatch: string,
): { readonly trace: Trace; readonly request: number; readonly finding: number } {
  const ladder = traceBuilder({ phones: [{ platform: rule.startsWith("apns/") ? "ios" : "android" }] });
  ladder.callerInvites("call:1");
  const { request } = ladder.push("phone:1", "call:1");
  const finding = ladder.event("push-service", "harness", {
    kind: "finding",
    rule,
    mismatch,
    expected: "what the rule asks for",
    actual: "what was sent",
    about: request.seq,
  });
  return { trace: ladder.finished(), request: request.seq, finding: finding.seq };
}

/** A case in which nobody was called. */
export function withoutPush(): Trace {
  return traceBuilder().finished();
}
