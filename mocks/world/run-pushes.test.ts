import { describe, expect, test } from "vitest";
import { manualClock } from "../../harness/clock/testing/manual-clock.ts";
import { traceRecorder } from "../../harness/trace/recorder.ts";
import type { PushOutcome, ReceivedPush } from "../push/push-hooks.ts";
import { attribution, type CasePort } from "./attribution.ts";
import { runPushes } from "./run-pushes.ts";

const finding = { rule: "fcm/ttl", mismatch: "missing", expected: "a ttl", actual: "none" };
const push: ReceivedPush = {
  service: "fcm",
  push: "fcm-push-1",
  connection: "fcm-1",
  method: "POST",
  path: "/v1/projects/p/messages:send",
  headers: [],
  body: Buffer.from("{}"),
  token: "the-token",
  findings: [finding],
  verdictByRules: { status: 200, id: "1" },
  receivedAtMs: 0,
};
const unavailable: PushOutcome = {
  kind: "response",
  status: 503,
  reason: "UNAVAILABLE",
  retryAfterS: 1,
  scripted: true,
};
const opened = {
  kind: "connection.opened",
  service: "fcm",
  connection: "fcm-1",
  remote: "127.0.0.1:9",
  tlsVersion: "TLSv1.3",
  alpn: "h2",
} as const;

function setUp() {
  const who = attribution();
  const run = traceRecorder({ clock: manualClock(0), lagMs: () => 0 });
  return { who, run, hooks: runPushes(run, who) };
}

describe("the pushes of a run", () => {
  test("are in its trace with their answers, and belong to the case that was issued their token", () => {
    const { who, run, hooks } = setUp();
    const seen: string[] = [];
    const port = {
      nonce: "n",
      receivePush: () => ({ kind: "reset", answerDelayMs: 5 }),
      respondedPush: (phone: string, _push: ReceivedPush, outcome: PushOutcome) =>
        seen.push(`${phone} ${outcome.kind}`),
    } as unknown as CasePort;
    who.enter(port, { phones: [], calls: [] });
    who.issue("the-token", { service: "fcm", port, phone: "phone:1" });
    expect(hooks.onRequest(push)).toEqual({ kind: "reset", answerDelayMs: 5 });
    hooks.onResponded(push, unavailable);
    expect(seen).toEqual(["phone:1 response"]);
    expect(run.events).toMatchObject([
      { kind: "push.request", service: "fcm", token: "the-token" },
      { kind: "push.response", service: "fcm", cause: 0, reason: "UNAVAILABLE", retryAfterS: 1, scripted: true },
    ]);
  });

  test("of nobody are answered by the rules and judged where they are", () => {
    const { run, hooks } = setUp();
    expect(hooks.onRequest(push)).toEqual({ kind: "by-rules", answerDelayMs: 0 });
    hooks.onResponded(push, { kind: "abandoned" });
    expect(run.events).toMatchObject([{ kind: "push.request" }, { kind: "finding", rule: "fcm/ttl", about: 0 }]);
  });

  test("come over connections whose faults are about their opening, whenever they show", () => {
    const { run, hooks } = setUp();
    hooks.onConnection(opened, []);
    hooks.onConnection({ kind: "connection.access-token", service: "fcm", connection: "fcm-1", status: 400 }, [
      finding,
    ]);
    hooks.onConnectionFinding?.("fcm-1", finding);
    hooks.onConnectionFinding?.("fcm-2", finding);
    const findings = run.events.flatMap((event) => (event.kind === "finding" ? [event.about] : []));
    expect(findings).toEqual([1, 0]);
  });
});
