import type { FindingEvent } from "../../harness/trace/trace-event.ts";
import type { TraceRecorder } from "../../harness/trace/recorder.ts";
import type { PushHooks } from "../push/push-hooks.ts";
import type { Attribution, PushOwner } from "./attribution.ts";
import type { Between } from "./case-recorder.ts";
import { pushAnswered, pushRequested, recordFindings } from "./push-events.ts";

const toService = { from: "target", to: "push-service", by: "target" } as const;
const fromService = { from: "push-service", to: "target", by: "world" } as const;

/**
 * What both push services of a run tell: every connection and push goes into the run's own trace, and a push also to the case
 * it belongs to, which decides its answer. Findings about a push that no case claims, and about connections, stay in the run's.
 */
export function runPushes(run: TraceRecorder, who: Attribution): PushHooks {
  /** Of each push under way: `seq` of its request in the run's trace, and whose it is. */
  const underWay = new Map<string, { readonly request: number; readonly owner: PushOwner | undefined }>();
  /** `seq` of the opening of each connection that is open. */
  const connections = new Map<string, number>();
  const findings = {
    record: (between: Between, body: FindingEvent) => run.record({ ...between, ...body }),
  };

  return {
    onRequest(push) {
      const owner = who.ownerOf(push.token, Buffer.from(push.body).toString());
      const { seq } = run.record({ ...toService, ...pushRequested(push) });
      underWay.set(push.push, { request: seq, owner });
      if (owner !== undefined) return owner.port.receivePush(owner.phone, push);
      recordFindings(findings, toService, push.findings, seq);
      return { kind: "by-rules", answerDelayMs: 0 };
    },
    onResponded(push, outcome) {
      const { request, owner } = underWay.get(push.push) ?? {};
      underWay.delete(push.push);
      owner?.port.respondedPush(owner.phone, push, outcome);
      const answered = pushAnswered(push, outcome);
      if (answered === undefined) return;
      run.record({ ...fromService, ...(request === undefined ? {} : { cause: request }), ...answered });
    },
    onConnection(event, found) {
      const { seq } = run.record({ ...toService, ...event });
      if (event.kind === "connection.opened") connections.set(event.connection, seq);
      recordFindings(findings, toService, found, seq);
      if (event.kind === "connection.closed") connections.delete(event.connection);
    },
    onConnectionFinding(connection, finding) {
      const about = connections.get(connection);
      if (about !== undefined) recordFindings(findings, toService, [finding], about);
    },
  };
}
