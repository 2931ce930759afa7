import { existsSync, readFileSync } from "node:fs";
import { describe, test, vi } from "vitest";
import { liveClock } from "../../harness/clock/clock.ts";
import { manualClock } from "../../harness/clock/testing/manual-clock.ts";
import { startStdioLink } from "./stdio-link.ts";
import type { Link } from "./link.ts";
import { collect } from "./testing/collect.ts";
import { startTestAdapter } from "./testing/start-test-adapter.ts";

const nobodyKnows = '{"jsonrpc":"2.0","id":1,"method":"probe.x","params":{}}';

/** An adapter that is one line of JavaScript. */
async function startLine(script: string, clock = liveClock()): Promise<Link> {
  return await startStdioLink({ command: process.execPath, args: ["-e", script], env: { WORD: "yes" }, clock });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // An orphan that was killed may stay listed as a zombie until the host's init process collects it.
    return !existsSync("/proc/self") || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

describe.concurrent("a link over standard streams", () => {
  test("carries messages both ways, and ends when stdin is closed", async ({ expect }) => {
    const link = await startTestAdapter("conforming", liveClock());
    const seen = collect(link);
    link.send(nobodyKnows);
    await seen.count(1);
    expect(seen.messages).toEqual([{ jsonrpc: "2.0", id: 1, error: { code: -32601, message: "Method not found" } }]);
    await expect(link.close()).resolves.toEqual({ kind: "closed" });
    await expect(link.close()).resolves.toEqual({ kind: "closed" });
    expect(seen.problems).toEqual([]);
  });

  test("loses nothing that was said before anybody listened", async ({ expect }) => {
    const link = await startLine(`console.log('{"a":1}'); console.error("said " + process.env.WORD)`);
    await vi.waitUntil(() => link.log().length > 0, { timeout: 10_000, interval: 5 });
    const seen = collect(link);
    await seen.count(1);
    expect(seen.messages).toEqual([{ a: 1 }]);
    expect(link.log()).toEqual(["said yes"]);
    await expect(link.closed).resolves.toEqual({ kind: "exited", code: 0, signal: null });
  });

  test("ends an adapter that ignores both the end of its stdin and SIGTERM", async ({ expect }) => {
    const clock = manualClock(0);
    const link = await startTestAdapter("stubborn", clock);
    const seen = collect(link);
    link.send(nobodyKnows);
    await seen.count(1);
    const closing = link.close();
    clock.advance(4999);
    expect(link.log()).toEqual([]);
    clock.advance(1);
    await vi.waitUntil(() => link.log().includes("got SIGTERM"), { timeout: 10_000, interval: 5 });
    clock.advance(2000);
    await expect(closing).resolves.toEqual({ kind: "closed" });
  });

  test("leaves no child of the adapter behind", async ({ expect }) => {
    const link = await startTestAdapter("parent", liveClock());
    collect(link);
    await vi.waitUntil(() => link.log().length > 0, { timeout: 10_000, interval: 5 });
    const pid = Number(link.log()[0]?.replace("child ", ""));
    expect(isAlive(pid)).toBe(true);
    await expect(link.close()).resolves.toEqual({ kind: "closed" });
    await vi.waitUntil(() => !isAlive(pid), { timeout: 10_000, interval: 5 });
    expect(isAlive(pid)).toBe(false);
  });

  test("says how an adapter ended that died by itself", async ({ expect }) => {
    const link = await startLine("process.exit(7)");
    collect(link);
    await expect(link.closed).resolves.toEqual({ kind: "exited", code: 7, signal: null });
    link.send(nobodyKnows);
    await expect(link.close()).resolves.toMatchObject({ kind: "exited" });
  });

  test("names garbage and goes on", async ({ expect }) => {
    const link = await startLine(
      `process.stdout.write("x".repeat(1024 * 1024 + 1) + "\\n{}\\n"); process.stdout.write(Buffer.from([0xff, 10])); process.stdout.write('{"b":2}\\nhalf')`,
    );
    const seen = collect(link);
    await link.closed;
    expect(seen.messages).toEqual([{}, { b: 2 }]);
    expect(seen.problems.map(({ kind }) => kind)).toEqual(["too-long", "not-json", "unfinished-line"]);
  });

  test("cuts off an adapter that floods", async ({ expect }) => {
    const link = await startLine(`for (;;) require("fs").writeSync(1, "{}\\n".repeat(1000))`);
    const seen = collect(link);
    const problem = { kind: "flood", messagesPerSecond: 5000 };
    await expect(link.closed).resolves.toEqual({ kind: "cut", problem });
    expect(seen.problems).toEqual([problem]);
    expect(seen.messages.length).toBeGreaterThanOrEqual(20_000);
  });

  test("cuts off an adapter that does not read", async ({ expect }) => {
    const link = await startLine("setInterval(() => {}, 1000)");
    collect(link);
    const megabyte = JSON.stringify("x".repeat(1024 * 1024));
    for (let nth = 0; nth < 9; nth += 1) link.send(megabyte);
    await expect(link.closed).resolves.toMatchObject({ kind: "cut", problem: { kind: "not-read" } });
  });

  test("cuts off an adapter that closes its stdout and lives on", async ({ expect }) => {
    const clock = manualClock(0);
    const link = await startTestAdapter("closes-stdout", clock);
    collect(link);
    await vi.waitUntil(() => clock.pending() > 0, { timeout: 10_000, interval: 5 });
    clock.advance(1000);
    await expect(link.closed).resolves.toEqual({
      kind: "cut",
      problem: { kind: "stream-closed", stream: "stdout" },
    });
  });

  test("says so when the command does not exist", async ({ expect }) => {
    const start = startStdioLink({ command: "no-such-adapter", args: [], env: {}, clock: liveClock() });
    await expect(start).rejects.toMatchObject({ code: "adapter-not-started", fault: "target" });
  });
});
