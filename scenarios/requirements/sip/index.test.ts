import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { judgeTrace } from "../../../harness/judge/judge-trace.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { sipRequirements } from "./index.ts";
import { answeredCall, cancelledCall, connected, silence } from "./testing/ladders.ts";

describe("the requirements about SIP", () => {
  test("have ids of their own and a quoted sentence each", () => {
    expect(new Set(sipRequirements.map(({ id }) => id)).size).toBe(37);
    for (const { id, level, origin, role, sources } of sipRequirements) {
      expect(id).toMatch(/^sip\/[a-z-]+$/u);
      expect(sources.every(({ quote }) => quote.length > 20)).toBe(true);
      expect(level === "must" && origin === "house").toBe(false);
      expect(role === "client" || /MUST|returns|filters/u.test(sources[0]?.quote ?? "")).toBe(true);
    }
  });

  test("apply to a proxy or to a back-to-back user agent, or to both", () => {
    const kinds = ["proxy", "b2bua"] as const;
    const nowhere = sipRequirements.filter(({ applies }) =>
      kinds.every((kind) => applies(testFacts({ features: { kind, digest: true } })) !== true),
    );
    expect(nowhere).toEqual([]);
  });

  test.each([
    ["an answered call", answeredCall().finished()],
    ["an answered call over TCP", answeredCall({ transport: "tcp" }).finished()],
    ["a cancelled call", cancelledCall().finished()],
    ["a call through a back-to-back user agent", answeredCall({ features: { kind: "b2bua" } }).finished()],
  ])("fail nothing in %s", (_, trace) => {
    const failed = Object.entries(judgeTrace(trace, sipRequirements)).filter(([, { kind }]) => kind === "fail");
    // The builder's registrar knows nothing of RFC 8599.
    expect(failed.map(([id]) => id).filter((id) => id !== "sip/feature-caps")).toEqual([]);
  });

  test("are passed by no target that only answers 200", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.callerGets("call:1", 200, { contact: "<sip:it@phone.invalid>" });
    ladder.callerAcks("call:1");
    ladder.callerHangsUp("call:1");
    expect(passed(ladder.finished())).toEqual([]);
  });

  test("are passed by no target that refuses everything", () => {
    const ladder = silence();
    ladder.opensFlow("phone:1");
    ladder.registers("phone:1", { status: 403 });
    ladder.callerInvites("call:1");
    ladder.callerGets("call:1", 486);
    ladder.callerAcks("call:1");
    expect(passed(ladder.finished())).toEqual([]);
  });

  test("are passed where the target carried the call", () => {
    expect(passed(answeredCall().finished())).toContain("sip/trying-in-time");
  });
});

function passed(trace: Trace): readonly string[] {
  return Object.entries(judgeTrace(trace, sipRequirements))
    .filter(([, { kind }]) => kind === "pass")
    .map(([id]) => id);
}
