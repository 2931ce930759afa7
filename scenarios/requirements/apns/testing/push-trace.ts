import { traceBuilder } from "../../../../harness/judge/testing/trace-builder.ts";
import type { Trace } from "../../../../harness/trace/trace.ts";

/** A case with one call that led to one push; for tests. */
export function cleanPush(): Trace {
  const ladder = traceBuilder();
  ladder.callerInvites("call:1");
  ladder.push("phone:1", "call:1");
  return ladder.finished();
}

/** A case whose push drew one finding of the push service's rule table; `request` is the `seq` of the push. */
export function pushWithFinding(
  rule: string,
  mismatch: string,
): { readonly trace: Trace; readonly request: number; readonly finding: number } {
  const ladder = traceBuilder();
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
