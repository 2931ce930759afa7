import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clientTraceBuilder } from "../../harness/judge/testing/client-trace-builder.ts";
import { traceBuilder } from "../../harness/judge/testing/trace-builder.ts";
import { arbitraryTrace } from "../../harness/trace/testing/arbitrary-trace.ts";
import { earlyMediaTrace } from "../testing/sample-client-trace.ts";
import { cancelPushTrace } from "../testing/sample-trace.ts";
import { ladderExcerpt } from "./ladder-excerpt.ts";
import { ladderText } from "./ladder-text.ts";
import { ladderOf } from "./ladder.ts";

describe("a ladder", () => {
  test("is as it always was for the sample trace", async () => {
    const { trace, violation } = cancelPushTrace();
    const text = ladderText(ladderOf(trace, { violation })).join("\n");
    await expect(`${text}\n`).toMatchFileSnapshot("./ladder.golden.txt");
  });

  test("marks what RingTrue did itself, and tells several phones apart", () => {
    const t = traceBuilder({ phones: [{}, {}], registered: false });
    t.opensFlow("phone:2");
    const first = t.registering("phone:2", { fate: "lost" });
    t.registering("phone:2", { retransmitOf: first.seq });
    t.event("harness", "phone", { kind: "step.unreached", action: "user.answer", anchor: "ringing.shown" }, {});
    const { rows, lanes } = ladderOf(t.finished());
    expect(rows.map(({ label, marks }) => [label, ...marks])).toEqual([
      ["UDP socket opened [phone 2]"],
      ["REGISTER sip:example.test [phone 2]", "lost by the plan"],
      ["REGISTER sip:example.test [phone 2]", "retransmission"],
      ["never reached: user.answer (after ringing.shown)"],
    ]);
    expect(lanes.map(({ lane }) => lane)).toEqual(["target", "phone"]);
  });

  test("tells what became of a push for an Android phone", () => {
    const t = traceBuilder({ registered: false });
    const push = { push: "p1", token: "abc" };
    const service = { service: "fcm", push: "p1" } as const;
    t.event(
      "push-service",
      "target",
      { kind: "push.response", ...service, status: 429, retryAfterS: 60, scripted: true },
      {},
    );
    t.event("push-service", "os", { kind: "push.stored", ...push, why: "the phone is in Doze", replaces: "p0" }, {});
    t.event("push-service", "os", { kind: "push.delivered", ...push, copy: 1, payload: {}, priority: "normal" }, {});
    t.event(
      "target",
      "push-service",
      { kind: "connection.access-token", service: "fcm", connection: "c1", status: 400, error: "invalid_grant" },
      {},
    );
    expect(ladderOf(t.finished()).rows.map(({ label }) => label)).toEqual([
      "push 429, retry after 60 s",
      "push stored (the phone is in Doze; replaces p0)",
      "push delivered with normal priority",
      "access token asked for on c1: 400 invalid_grant",
    ]);
  });

  test("of an app shows what it says to the phone and what the phone makes of it", async () => {
    const { trace, violation } = earlyMediaTrace();
    const ladder = ladderOf(trace, { violation });
    expect(ladder.lanes.map(({ title }) => title)).toEqual(["SIP", "target", "APNs", "OS", "user"]);
    await expect(`${ladderText(ladder).join("\n")}\n`).toMatchFileSnapshot("./ladder-of-app.golden.txt");
  });

  test("of an app tells what the app told and was told, unless the phone's own event says the same", () => {
    const t = clientTraceBuilder({ registered: false });
    t.says("phone:1", "connection.setActive", { connectionId: "c1" }, [], { error: { code: 1, message: "no call" } });
    t.asks("phone:1", "device.suspend");
    t.event("target", "os", { kind: "link.problem", problem: "not-json", why: 'It sent "x".' }, {});
    const { rows } = ladderOf(t.finished());
    expect(rows.map(({ label }) => label)).toEqual([
      "connection.setActive",
      "connection.setActive: refused (1 no call)",
      'device link: It sent "x".',
    ]);
  });

  test("shows every message, even one that is none, as text that cannot act", () => {
    const t = traceBuilder();
    t.callerInvites("call:1", { edit: () => "\u0000\u001b[2J\u202e nonsense" });
    const row = ladderOf(t.finished()).rows.at(-1);
    expect(row?.label).toMatch(/^no SIP message/u);
    expect(row?.detail).toBe("⟨U+0000⟩⟨U+001B⟩[2J⟨U+202E⟩ nonsense");
  });

  test("shows what is no text as hexadecimal", () => {
    const t = traceBuilder({ registered: false });
    const bytes = Uint8Array.from({ length: 17 }, (_, index) => 0xf0 + index);
    t.event("target", "phone", { kind: "flow.garbage", transport: "tcp", flow: "f", bytes, why: "no start line" });
    expect(ladderOf(t.finished()).rows[0]?.detail).toMatch(/^0000 {2}f0 f1 .*\n0010 {2}00 /u);
  });

  test("fits 100 columns and its own lanes, whatever the trace", () => {
    fc.assert(
      fc.property(arbitraryTrace, (trace) => {
        const ladder = ladderOf(trace, { violation: [0] });
        const lanes = new Set(ladder.lanes.map(({ lane }) => lane));
        for (const { from, to } of ladder.rows) expect(lanes.has(from) && lanes.has(to)).toBe(true);
        for (const line of ladderText(ladder)) {
          expect(Array.from(line).length).toBeLessThanOrEqual(100);
          expect(line).not.toMatch(/\p{Cc}|\p{Cf}/u);
        }
      }),
    );
  });
});

describe("an excerpt of a ladder", () => {
  const { trace, violation } = cancelPushTrace();
  const ladder = ladderOf(trace, { violation });

  test("of a short ladder is the whole", () => {
    expect(ladderExcerpt(ladder, 300)).toEqual({ ...ladder, before: 0, after: 0 });
  });

  test("holds the violation, and counts what it leaves out", () => {
    const { rows, before, after } = ladderExcerpt(ladder, 8);
    expect(rows).toHaveLength(8);
    expect(rows.some(({ role }) => role === "violation")).toBe(true);
    expect(before + rows.length + after).toBe(ladder.rows.length);
  });
});
