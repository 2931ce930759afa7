import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { testFacts } from "../../harness/judge/testing/default-facts.ts";
import type { Plan } from "../../harness/plan/plan.ts";
import { moduleTarget } from "../../harness/targets/module-target.ts";
import type { TargetExit } from "../../harness/targets/target-definition.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import { linkContract } from "../../scenarios/requirements/flow/link-contract.ts";
import { startVirtualWorld, type VirtualWorld } from "./virtual-world.ts";

interface Stand extends VirtualWorld {
  readonly exits: readonly TargetExit[];
  play(signal?: AbortSignal): Promise<Trace>;
}

async function stand(
  app = "createApp",
  options: { readonly workers?: number; readonly hangMs?: number } = {},
): Promise<Stand> {
  const { workers = 1, hangMs } = options;
  const directory = await mkdtemp(join(tmpdir(), "ringtrue-virtual-"));
  onTestFinished(async () => await rm(directory, { recursive: true, force: true }));
  const facts = testFacts({ role: "client", features: { platforms: ["ios"], transports: ["udp"] } });
  const made = await startVirtualWorld({
    definition: moduleTarget({ module, export: app, workers }),
    cases: 8,
    facts,
    world: {
      directory,
      domain: "example.test",
      transports: ["udp"],
      media: "rtp",
      profile: facts.profile,
      digest: false,
      appId: "test.ringtrue.phone",
      harness: { name: "ringtrue", version: "test" },
    },
    ...(hangMs === undefined ? {} : { hangMs }),
  });
  onTestFinished(async () => void (await made.world.close()));
  const exits: TargetExit[] = [];
  made.target.onExit((exit) => void exits.push(exit));
  let played = 0;
  return {
    ...made,
    exits,
    async play(signal = new AbortController().signal) {
      played += 1;
      const lease = { caseId: `case-${played}`, attempt: 1, nonce: `n${played}` };
      // Nobody judges in these threads.
      return (await made.world.play(onePhone, lease, signal)) as Trace;
    },
  };
}

const module = new URL("testing/calling-app.js", import.meta.url);

/** A phone that registers and is then left alone. */
const onePhone: Plan = {
  scenario: "test",
  role: "client",
  transport: "udp",
  phones: [{ platform: "ios", account: 1, app: "foreground", signalling: "connected", pushes: [] }],
  calls: [{ caller: { name: "Alice", number: "+15550100" }, callee: 1, video: false }],
  steps: [{ after: { on: "case.started" }, delayMs: 0, do: { kind: "caller.call", call: "call:1" } }],
};

describe("a world in virtual time", () => {
  test("plays cases in threads, each a trace like a live one's, and takes no time", async () => {
    const { world, target, play } = await stand(undefined, { workers: 2 });
    const startMs = performance.now();
    const traces = await Promise.all([play(), play(), play(), play()]);
    for (const trace of traces) {
      expect(trace.end.kind).toBe("finished");
      expect(trace.facts).toMatchObject({ clock: "virtual", app: { name: "Test" } });
      expect(trace.plan).toEqual(onePhone);
      expect(trace.events.map(({ kind }) => kind)).toContain("sip");
      expect(trace.end.atMs - trace.events[0]!.atMs).toBeGreaterThan(5_000);
    }
    expect(performance.now() - startMs).toBeLessThan(5_000);
    expect(world.capacity.cases).toBe(4);
    expect(target.output()).toEqual(["the app is there", "the app is there"]);
    const run = await world.close();
    expect(run.events.filter(({ kind }) => kind === "target.ready")).toHaveLength(2);
    expect(run.events.map(({ seq }) => seq)).toEqual(run.events.map((_, index) => index));
  });

  test.each([
    ["throws", "the app throws"],
    ["rejects", "the app rejects"],
    ["exits", "exit code 3"],
  ])("an app that %s has died", async (app, why) => {
    const { target, exits, play } = await stand(app);
    const trace = await play();
    expect(trace.end).toMatchObject({ kind: "target-died", how: expect.stringContaining(why) as string });
    expect(exits).toMatchObject([{ why: expect.stringContaining(why) as string }]);
    expect(target.exited).toEqual(exits[0]);
  });

  test("a fresh start brings an app that has died back", async () => {
    const { target, play } = await stand("throws");
    expect((await play()).end.kind).toBe("target-died");
    await target.restart();
    expect(target.exited).toBeUndefined();
    const { end, events } = await play();
    expect(end).toMatchObject({ how: expect.stringContaining("the app throws") as string });
    expect(events.map(({ kind }) => kind)).toContain("app.launched");
  });

  test("an app that keeps its thread is ended with it", async () => {
    const { exits, play } = await stand("hangs", { hangMs: 500 });
    expect((await play()).end).toMatchObject({ kind: "target-died", how: "It kept its thread for 0.5 s." });
    expect(exits).toHaveLength(1);
  });

  test("a timer that outlives its process is noted, once, and the adapter's own are not", async () => {
    const { play } = await stand("leavesTimer");
    const problems = (trace: Trace): readonly string[] =>
      trace.events.flatMap((event) => (event.kind === "link.problem" ? [`${event.problem}: ${event.why}`] : []));
    const left = "timers-left: Its process was terminated, and a timer it had set (30000 ms) went on.";
    expect(problems(await play())).toEqual([left]);
    expect(problems(await play())).toEqual([left]);
    const { play: playGood } = await stand();
    expect(problems(await playGood())).toEqual([]);
  });

  test("a timer that outlives its process breaks the contract of the link", async () => {
    const { play } = await stand("leavesTimer");
    const trace = await play();
    const problem = trace.events.find(({ kind }) => kind === "link.problem");
    expect(trace.end.kind).toBe("finished");
    expect(linkContract.judge(trace)).toMatchObject({
      kind: "fail",
      mismatch: "timers-left",
      basis: "content",
      evidence: [problem?.seq],
    });
    const { play: playGood } = await stand();
    expect(linkContract.judge(await playGood()).kind).toBe("pass");
  });

  test("a case that is interrupted says so", async () => {
    const { play } = await stand();
    expect((await play(AbortSignal.abort())).end.kind).toBe("interrupted");
  });

  test.each([
    ["agrees", "agreed to"],
    ["start", "exports no function start; it exports agrees, createApp"],
  ])("an app that cannot be driven is no target: %s", async (app, message) => {
    await expect(stand(app)).rejects.toThrow(message);
  });
});
