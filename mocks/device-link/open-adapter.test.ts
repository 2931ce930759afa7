import { describe, expect, test } from "vitest";
import { liveClock, type Clock } from "../../harness/clock/clock.ts";
import { manualClock } from "../../harness/clock/testing/manual-clock.ts";
import type { Adapter } from "./adapter.ts";
import type { AppAnswer, DeviceSystem } from "./device-line.ts";
import type { Crossing } from "./json-rpc-peer.ts";
import type { Link } from "./link.ts";
import type { LinkProblem } from "./link-problem.ts";
import type { AppRequest } from "./messages.ts";
import { openAdapter, type OpenAdapterOptions } from "./open-adapter.ts";
import { testHarness, testProfile } from "./testing/link-profile.ts";
import { memoryLink, type MemoryLink } from "./testing/memory-link.ts";
import { startTestAdapter, testAdapterFile } from "./testing/start-test-adapter.ts";
import { startStdioLink } from "./stdio-link.ts";
import { listenForLinks } from "./websocket-link.ts";

async function open(link: Link, clock: Clock, options: Partial<OpenAdapterOptions> = {}): Promise<Adapter> {
  return await openAdapter({ link, clock, harness: testHarness, profile: testProfile, ...options });
}

/** A system that says yes, and what it heard. */
function system(
  answer: (request: AppRequest) => AppAnswer = () => ({ result: {} }),
): DeviceSystem & { heard: string[] } {
  const heard: string[] = [];
  return {
    heard,
    answer(request) {
      heard.push(request.method);
      return answer(request);
    },
    notified: ({ method }) => heard.push(method),
    died: (message) => heard.push(`died: ${message}`),
  };
}

const launch = {
  platform: "ios",
  reason: "user",
  osVersion: "18.0",
  account: null,
  push: { provider: "apns", param: "TEAM.org.example.app.voip" },
} as const;

const push = (payload: unknown) => ({ pushId: "p1", type: "voip", payload }) as const;

describe.concurrent("opening an adapter", () => {
  test("agrees with one that keeps to the contract, over standard streams", async ({ expect }) => {
    const crossings: Crossing[] = [];
    const adapter = await open(await startTestAdapter("conforming", liveClock()), liveClock(), {
      onCrossing: (crossing) => crossings.push(crossing),
    });
    expect(adapter.facts).toEqual({
      protocol: "ringtrue.device/1",
      app: { name: "test adapter", version: "1.0.0" },
      platforms: ["ios", "android"],
      transports: ["udp"],
      maxDevices: 2,
    });
    expect(crossings.map(({ direction, message }) => `${direction} ${message.kind}`)).toEqual([
      "to-app request",
      "from-app result",
      "to-app request",
      "from-app error",
    ]);
    await expect(adapter.close()).resolves.toEqual({ kind: "closed" });
  });

  test("agrees with one that keeps to the contract, over WebSocket", async ({ expect }) => {
    const clock = liveClock();
    const listener = await listenForLinks({ token: "secret", clock });
    const program = await startStdioLink({
      command: process.execPath,
      args: [testAdapterFile],
      env: { RINGTRUE_DEVICE_LINK_URL: listener.url },
      clock,
    });
    const link = await listener.next();
    if (link === undefined) throw new Error("no app came");
    const adapter = await open(link, clock);
    expect(adapter.facts.app.name).toBe("test adapter");
    await adapter.close();
    await listener.close();
    await expect(program.closed).resolves.toMatchObject({ kind: "exited", code: 0 });
  });

  test.each([
    ["agrees to the probe", "agrees", "adapter-agrees", /agreed to probe\.[0-9a-f]{24}/],
    ["dies", "dies", "adapter-died", /exit code 3[\s\S]*cannot load libpjsip/],
    ["floods", "floods", "adapter-floods", /more messages/],
    ["talks garbage", "garbage", "adapter-talks-garbage", /Welcome to the app!/],
    ["speaks another version", "old", "adapter-wrong-protocol", /ringtrue\.device\/0/],
    ["says nothing of itself", "factless", "adapter-refuses-initialize", /result\.protocol/],
    ["refuses the probe for another reason", "wrong-refusal", "adapter-wrong-refusal", /-32000/],
  ])("refuses one that %s, by name", async (_, behaviour, code, message) => {
    const link = await startTestAdapter(behaviour, liveClock(), { burst: 1000 });
    const refused: unknown = await open(link, liveClock()).catch((error: unknown) => error);
    expect(refused).toMatchObject({ fault: "target", code, message: expect.stringMatching(message) });
    await expect(link.closed).resolves.toBeDefined();
  });

  test("refuses one that hangs, by name", async ({ expect }) => {
    const clock = manualClock(0);
    const { link } = memoryLink();
    const refused = open(link, clock, { openMs: 300 });
    clock.advance(300);
    await expect(refused).rejects.toMatchObject({ code: "adapter-hangs", fault: "target" });
    await expect(link.closed).resolves.toEqual({ kind: "closed" });
  });

  test("answers what the adapter asks before it is open, and refuses it", async ({ expect }) => {
    const memory = memoryLink();
    const refused = open(memory.link, manualClock(0));
    memory.say('{"jsonrpc":"2.0","id":"a","method":"wakeLock.acquire","params":{"device":"d"}}');
    expect(JSON.parse(memory.sent[1] ?? "")).toMatchObject({ id: "a", error: { code: -32001 } });
    memory.die({ kind: "exited", code: 0, signal: null });
    await expect(refused).rejects.toMatchObject({ code: "adapter-died" });
  });
});

/** An adapter in memory that is open, and the means to be it. */
async function opened(maxDevices?: number): Promise<{
  adapter: Adapter;
  memory: MemoryLink;
  clock: ReturnType<typeof manualClock>;
  problems: LinkProblem[];
  sent: () => Record<string, unknown>[];
}> {
  const clock = manualClock(0);
  const problems: LinkProblem[] = [];
  const memory = memoryLink((text) => {
    const { id, method } = JSON.parse(text) as { readonly id: number; readonly method?: string };
    const facts = {
      protocol: "ringtrue.device/1",
      app: { name: "memory", version: "1" },
      platforms: ["ios"],
      transports: ["udp"],
      ...(maxDevices === undefined ? {} : { maxDevices }),
    };
    if (method === "initialize") memory.say(JSON.stringify({ jsonrpc: "2.0", id, result: facts }));
    else if (method === "probe")
      memory.say(JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32601, message: "" } }));
    else if (method === "device.launch" || method === "device.terminate")
      memory.say(JSON.stringify({ jsonrpc: "2.0", id, result: {} }));
  });
  const adapter = await open(memory.link, clock, {
    probeMethod: "probe",
    onProblem: (problem) => problems.push(problem),
  });
  return { adapter, memory, clock, problems, sent: () => memory.sent.map((text) => JSON.parse(text)) };
}

function said(method: string, params: object, id?: string): string {
  return JSON.stringify({ jsonrpc: "2.0", ...(id === undefined ? {} : { id }), method, params });
}

describe("a device of an adapter", () => {
  test("no more than maxDevices are leased at once, in the order they were asked for", async () => {
    const { adapter } = await opened(2);
    const order: string[] = [];
    const lease = async (device: string) => {
      const line = await adapter.lease({ device, platform: "ios", system: system() });
      order.push(device);
      return line;
    };
    const [first] = await Promise.all([lease("1"), lease("2")]);
    const controller = new AbortController();
    const aborted = adapter.lease({ device: "x", platform: "ios", system: system() }, controller.signal);
    const third = lease("3");
    const fourth = lease("4");
    controller.abort();
    await expect(aborted).resolves.toBeUndefined();
    await Promise.all([first?.release(), first?.release()]);
    const line = await third;
    expect(order).toEqual(["1", "2", "3"]);
    await line?.release();
    await fourth;
    expect(order).toEqual(["1", "2", "3", "4"]);
    await expect(adapter.lease({ device: "4", platform: "ios", system: system() })).rejects.toMatchObject({
      code: "device-leased-twice",
      fault: "harness",
    });
    const waiting = lease("5");
    await adapter.close();
    await expect(waiting).resolves.toBeUndefined();
    await expect(lease("6")).resolves.toBeUndefined();
  });

  test("a hundred devices at once each hear what is theirs", async () => {
    const { adapter, memory } = await opened();
    const systems = Array.from({ length: 100 }, () => system());
    const lines = await Promise.all(
      systems.map(async (one, nth) => await adapter.lease({ device: `d${nth}`, platform: "ios", system: one })),
    );
    await Promise.all(lines.map(async (line) => await line?.request("device.launch", launch)));
    for (let nth = 99; nth >= 0; nth -= 1) memory.say(said("media.started", { device: `d${nth}`, callUUID: `${nth}` }));
    expect(systems.map(({ heard }) => heard)).toEqual(systems.map(() => ["media.started"]));
  });

  test("what an app says wrong is refused with the code of the contract and named", async () => {
    const { adapter, memory, problems, sent } = await opened();
    const os = system();
    const line = await adapter.lease({ device: "d", platform: "ios", system: os });
    memory.say(said("action.fulfill", { device: "d", actionId: "1" }, "not launched"));
    await line?.request("device.launch", launch);
    memory.say(said("action.fulfill", { device: "e", actionId: "1" }, "other device"));
    memory.say(said("action.fulfill", { device: "d" }, "bad params"));
    memory.say(said("action.fulfil", { device: "d" }, "no method"));
    memory.say(said("constructor", { device: "d" }, "no method either"));
    memory.say(said("initialize", {}, "ours"));
    memory.say(said("wakeLock.acquire", { device: "d" }, "other platform"));
    memory.say(said("action.fulfill", { device: "d", actionId: "1" }));
    memory.say(said("media.started", { device: "d", callUUID: "u" }, "a notification"));
    memory.say(said("log", { device: "d" }));
    const codes = sent().flatMap(({ id, error, result }) =>
      typeof id === "string" ? [[id, (error as { code: number } | undefined)?.code ?? result]] : [],
    );
    expect(codes).toEqual([
      ["not launched", -32001],
      ["other device", -32001],
      ["bad params", -32602],
      ["no method", -32601],
      ["no method either", -32601],
      ["ours", -32601],
      ["other platform", -32003],
      ["a notification", {}],
    ]);
    expect(problems.map(({ kind }) => kind)).toEqual([
      "device-not-launched",
      "device-not-launched",
      "bad-params",
      "unknown-method",
      "unknown-method",
      "unknown-method",
      "wrong-platform",
      "wrong-kind",
      "wrong-kind",
      "bad-params",
    ]);
    expect(os.heard).toEqual(["media.started"]);
  });

  test("the system's answer goes out before what it asks the app meanwhile", async () => {
    const { adapter, memory, sent } = await opened();
    const os = system(() => {
      void line?.request("provider.didReset", {});
      return { error: { code: 1, message: "", data: { domain: "d", code: 4, name: "unknownCallUUID" } } };
    });
    const line = await adapter.lease({ device: "d", platform: "ios", system: os });
    await line?.request("device.launch", launch);
    memory.say(said("callController.request", { device: "d", actions: [] }, "a"));
    expect(sent().slice(-2)).toMatchObject([{ id: "a", error: { code: 1 } }, { method: "provider.didReset" }]);
  });

  test("an app that died has answered everything with -32001, and can be launched again", async () => {
    const adapter = await open(await startTestAdapter("conforming", liveClock()), liveClock());
    const os = system();
    const line = await adapter.lease({ device: "d", platform: "ios", system: os });
    await line?.request("device.launch", launch);
    const delivered = await line?.request("pushRegistry.didReceiveIncomingPush", push({ crash: true }));
    expect(delivered).toMatchObject({ kind: "error", error: { code: -32001 } });
    expect(os.heard).toEqual(["died: never posted an incoming call"]);
    expect(line?.isLaunched()).toBe(false);
    await expect(line?.request("device.launch", { ...launch, reason: "push" })).resolves.toMatchObject({
      kind: "result",
    });
    await line?.release();
    await adapter.close();
  });

  test("a dead adapter settles every open request", async () => {
    const { adapter, memory } = await opened();
    const line = await adapter.lease({ device: "d", platform: "ios", system: system() });
    await line?.request("device.launch", launch);
    const open = Array.from({ length: 20 }, async () => await line?.request("provider.didReset", {}));
    memory.die({ kind: "exited", code: null, signal: "SIGSEGV" });
    await expect(Promise.all(open)).resolves.toEqual(open.map(() => ({ kind: "lost", why: "It ended (SIGSEGV)." })));
    await line?.release();
    await expect(adapter.ended).resolves.toMatchObject({ signal: "SIGSEGV" });
  });

  test("a result that does not fit is named, and so is time that is over", async () => {
    const { adapter, memory, clock, problems, sent } = await opened();
    const line = await adapter.lease({ device: "d", platform: "ios", system: system() });
    await line?.request("device.launch", launch);
    const bad = line?.request("provider.didReset", {});
    memory.say(JSON.stringify({ jsonrpc: "2.0", id: sent().at(-1)?.["id"], result: null }));
    await expect(bad).resolves.toMatchObject({ kind: "bad-result" });
    const slow = line?.request("provider.didReset", {}, { timeoutMs: 70 });
    clock.advance(70);
    await expect(slow).resolves.toEqual({ kind: "timed-out", afterMs: 70 });
    expect(problems).toEqual([
      { kind: "bad-result", method: "provider.didReset", why: expect.stringContaining("result"), device: "d" },
    ]);
  });
});
