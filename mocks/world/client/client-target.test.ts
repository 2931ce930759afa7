import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test, type TestContext } from "vitest";
import { liveClock } from "../../../harness/clock/clock.ts";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { testWorldFacts } from "../../../harness/run/testing/test-facts.ts";
import { processTarget } from "../../../harness/targets/process-target.ts";
import { remoteTarget } from "../../../harness/targets/remote-target.ts";
import type { ProgramTarget, StartedTarget, TargetExit } from "../../../harness/targets/target-definition.ts";
import type { Adapter } from "../../device-link/adapter.ts";
import type { LinkEnd } from "../../device-link/link.ts";
import { openAdapter } from "../../device-link/open-adapter.ts";
import { startStdioLink } from "../../device-link/stdio-link.ts";
import { testHarness, testProfile } from "../../device-link/testing/link-profile.ts";
import { listenForLinks } from "../../device-link/websocket-link.ts";
import { startClientTarget } from "./client-target.ts";

const testAdapter = fileURLToPath(new URL("../../device-link/testing/test-adapter.js", import.meta.url));
const STAYS = "setInterval(() => {}, 1000)";
const clock = liveClock();

/** The test adapter, behaving as its first argument says. */
function adapter(
  behaviour: string,
  rest: Partial<Parameters<typeof processTarget>[0]> = {},
): ReturnType<typeof processTarget> {
  return processTarget({ command: process.execPath, args: [testAdapter, behaviour], ...rest });
}

type StartStep = "waiting" | "opening";

interface Stand {
  readonly start: (definition: ProgramTarget, connectMs?: number) => Promise<StartedTarget>;
  /** The run ends as soon as an adapter is waited for, or has come and is asked what it is. */
  readonly interruptWhile: (step: StartStep) => void;
  /** Adapters that were opened, oldest first. */
  readonly adapters: readonly Adapter[];
  /** What a person was told. */
  readonly said: readonly string[];
  /** Where adapters connect to. */
  readonly url: string;
}

/** A host of adapters that plays no cases. */
async function stand({ onTestFinished }: TestContext): Promise<Stand> {
  const directory = mkdtempSync(join(tmpdir(), "ringtrue-client-target-"));
  const links = await listenForLinks({ token: "a-test's-secret-of-many-letters", clock });
  const interrupt = new AbortController();
  let interruptedStep: StartStep | undefined;
  const reached = (step: StartStep): void => {
    if (step === interruptedStep) interrupt.abort();
  };
  const started: StartedTarget[] = [];
  const adapters: Adapter[] = [];
  const said: string[] = [];
  onTestFinished(async () => {
    for (const target of started) await target.stop();
    await links.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    async start(definition, connectMs) {
      const target = await startClientTarget(
        {
          definition,
          context: {
            world: {
              ...testWorldFacts(directory),
              ...(definition.link === "websocket" ? { deviceLink: { url: links.url } } : {}),
            },
            facts: testFacts({ role: "client" }),
          },
          host: {
            async openAdapter(link) {
              const opening = openAdapter({ link, clock, harness: testHarness, profile: testProfile });
              reached("opening");
              adapters.push(await opening);
            },
            nextLink(signal) {
              const next = links.next(signal);
              reached("waiting");
              return next;
            },
          },
          clock,
          say: (line) => said.push(line),
          ...(connectMs === undefined ? {} : { connectMs }),
        },
        interrupt.signal,
      );
      started.push(target);
      return target;
    },
    interruptWhile: (step) => void (interruptedStep = step),
    adapters,
    said,
    url: links.url,
  };
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

async function exitOf(target: StartedTarget): Promise<TargetExit> {
  return target.exited ?? (await new Promise((resolve) => target.onExit(resolve)));
}

describe.concurrent.each(["stdio", "websocket"] as const)(
  "an adapter that RingTrue starts, with a link over %s",
  (link) => {
    test("is ready once it has agreed, and gone once it is stopped, which is no exit", async (context) => {
      const { start, adapters } = await stand(context);
      const target = await start(adapter("conforming", { link }));
      expect(target.name).toBe("a test's target");
      expect(adapters.map(({ facts }) => facts.app.name)).toEqual(["test adapter"]);
      const pid = target.pid ?? 0;
      expect(isAlive(pid)).toBe(true);
      await target.stop();
      expect(isAlive(pid)).toBe(false);
      expect(target.exited).toBeUndefined();
    });

    test("is told to the listeners when it dies, and started afresh with a link of its own", async (context) => {
      const { start, adapters } = await stand(context);
      const target = await start(adapter("conforming", { link }));
      const pid = target.pid ?? 0;
      process.kill(pid, "SIGKILL");
      expect(await exitOf(target)).toMatchObject(link === "stdio" ? { signal: "SIGKILL" } : { why: /closed the Web/ });
      expect(target.exited).toBeDefined();
      await target.restart();
      expect(target.exited).toBeUndefined();
      expect(target.pid).not.toBe(pid);
      expect(isAlive(target.pid ?? 0)).toBe(true);
      expect(adapters).toHaveLength(2);
    });

    test.for([
      ["dies", /ended|closed the Web/, /cannot load libpjsip/],
      ["agrees", /agreed to probe\./, /methods it does not know must be refused/],
      ["garbage", /not JSON/, /Welcome to the app!/],
      ["old", /speaks "ringtrue.device\/0"/, /./],
    ] as const)(
      "that %s is named, with what it wrote, and leaves nothing",
      async ([behaviour, ...messages], context) => {
        const { start, adapters } = await stand(context);
        const error: unknown = await start(adapter(behaviour, { link })).catch((thrown: unknown) => thrown);
        expect(error).toMatchObject({ fault: "target" });
        for (const message of messages) expect((error as Error).message).toMatch(message);
        expect(adapters).toEqual([]);
      },
    );

    test("that does not answer is let go of when the start is interrupted", async (context) => {
      const { start, interruptWhile } = await stand(context);
      interruptWhile("opening");
      await expect(start(adapter("hangs", { link }))).rejects.toMatchObject({ code: "target-aborted" });
    });
  },
);

describe.concurrent("an adapter that RingTrue starts", () => {
  test("finds the world in its environment, and its files where it expects them", async (context) => {
    const { start } = await stand(context);
    const target = await start(
      processTarget({
        command: process.execPath,
        args: (world) => ["-e", TELLS, world.file("app.conf")],
        files: (world) => ({ "app.conf": `domain=${world.sip.domain}` }),
        env: { FLAVOUR: "lab" },
      }),
    );
    const [line = ""] = target.output();
    expect(JSON.parse(line)).toEqual(["rfc8599", "example.test", "lab", "domain=example.test", null]);
  });

  test("and that ends before it connects is named at once, with its exit code and output", async (context) => {
    const { start } = await stand(context);
    const dies = ["-e", "console.error('no licence'); process.exit(3)"];
    await expect(start(processTarget({ command: process.execPath, args: dies, link: "websocket" }))).rejects.toThrow(
      /adapter of a test's target ended \(exit code 3\) before it connected[^]*no licence/,
    );
  });

  test("and that never connects is given up after a while, and ended", async (context) => {
    const { start } = await stand(context);
    const stays = ["-e", `console.log(process.pid); ${STAYS}`];
    const starting = start(processTarget({ command: process.execPath, args: stays, link: "websocket" }), 1500);
    const error: unknown = await starting.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "adapter-not-connected" });
    const { message } = error as Error;
    expect(message).toMatch(/within 1500 ms\. Its last output:\n {2}\d+$/);
    expect(isAlive(Number(message.split("\n").at(-1)))).toBe(false);
  });

  test("and whose command is not there is named", async (context) => {
    const { start } = await stand(context);
    for (const link of ["stdio", "websocket"] as const)
      await expect(start(processTarget({ command: "acme-nope", link }))).rejects.toThrow(
        /could not be started.*"acme-nope" installed/,
      );
  });
});

const TELLS = `
  const { env, argv } = process;
  const { readFileSync } = require("node:fs");
  console.error(JSON.stringify([JSON.parse(env.RINGTRUE_PROFILE).id, env.RINGTRUE_SIP_DOMAIN, env.FLAVOUR, readFileSync(argv[1], "utf8"), env.RINGTRUE_APNS_URL ?? null]));
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { id, method } = JSON.parse(line);
    const result = { protocol: "ringtrue.device/1", app: { name: "a", version: "1" }, platforms: ["ios"], transports: ["udp"] };
    const answer = method === "initialize" ? { result } : { error: { code: -32601, message: "no" } };
    console.log(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
  });`;

describe.concurrent("an adapter that somebody else starts", () => {
  /** Somebody else. */
  async function connects(
    url: string,
    { onTestFinished }: TestContext,
  ): Promise<{ readonly ended: Promise<LinkEnd>; leave(): Promise<void> }> {
    const program = await startStdioLink({
      command: process.execPath,
      args: [testAdapter, "conforming"],
      env: { RINGTRUE_DEVICE_LINK_URL: url },
      clock,
    });
    const leave = async (): Promise<void> => {
      if (isAlive(program.pid!)) process.kill(program.pid!, "SIGKILL");
      await program.closed;
    };
    onTestFinished(leave);
    return { ended: program.closed, leave };
  }

  test("is told where to connect, and let go of but not ended", async (context) => {
    const { start, url, said } = await stand(context);
    const starting = start(remoteTarget({ link: "websocket" }));
    const somebody = await connects(url, context);
    const target = await starting;
    expect(said).toEqual([`Waiting for the adapter to connect to ${url}`]);
    expect(target.pid).toBeUndefined();
    await target.stop();
    // Nothing keeps it once its WebSocket is closed; a signal would be ours.
    expect(await somebody.ended).toEqual({ kind: "exited", code: 0, signal: null });
  });

  test("is asked for again when it has gone", async (context) => {
    const { start, url, said, adapters } = await stand(context);
    const starting = start(remoteTarget({ link: "websocket" }));
    const somebody = await connects(url, context);
    const target = await starting;
    await somebody.leave();
    expect(await exitOf(target)).toMatchObject({ why: /closed the WebSocket/ });
    const again = target.restart();
    await connects(url, context);
    await again;
    expect(target.exited).toBeUndefined();
    expect(adapters).toHaveLength(2);
    expect(said[1]).toMatch(/start it again/);
  });

  test("is not waited for longer than the run", async (context) => {
    const { start, interruptWhile } = await stand(context);
    interruptWhile("waiting");
    await expect(start(remoteTarget({ link: "websocket" }))).rejects.toMatchObject({ code: "target-aborted" });
    await expect(start(remoteTarget({ link: "websocket" }), 50)).rejects.toMatchObject({ code: "target-aborted" });
  });
});
