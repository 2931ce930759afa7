import { createSocket } from "node:dgram";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TargetError, UsageError } from "../errors.ts";
import { testFacts, testWorldFacts } from "../run/testing/test-facts.ts";
import { processTarget } from "./process-target.ts";
import { remoteTarget } from "./remote-target.ts";
import { startTarget } from "./start-target.ts";
import type { StartedTarget, ProgramTarget, TargetExit } from "./target-definition.ts";

let directory: string;
const started: StartedTarget[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "ringtrue-target-"));
});
afterEach(async () => {
  for (const target of started.splice(0)) await target.stop();
  rmSync(directory, { recursive: true, force: true });
});

async function start(
  definitions: ProgramTarget | readonly ProgramTarget[],
  { addresses = [], signal = new AbortController().signal }: { addresses?: string[]; signal?: AbortSignal } = {},
): Promise<StartedTarget> {
  const facts = { ...testFacts, sip: { addresses, domain: "example.test" } };
  const target = await startTarget(definitions, { world: testWorldFacts(directory), facts }, signal);
  started.push(target);
  return target;
}

/** A target program: Node with a script. */
function script(code: string, rest: Partial<Parameters<typeof processTarget>[0]> = {}): ProgramTarget {
  return processTarget({ command: process.execPath, args: ["-e", code], ready: { log: "ready" }, ...rest });
}

const STAYS = "console.log('ready'); setInterval(() => {}, 1000);";

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

async function listening(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as { port: number }).port;
}

describe("a process target", () => {
  test("is ready when the awaited line of output came, and dies when it is stopped", async () => {
    const target = await start(script(STAYS, { ready: { log: /^rea.y$/g } }));
    expect(target.name).toBe(testFacts.target.name);
    expect(target.output()).toEqual(["ready"]);
    expect(target.exited).toBeUndefined();
    const pid = target.pid ?? 0;
    expect(isAlive(pid)).toBe(true);
    await target.stop();
    expect(isAlive(pid)).toBe(false);
    expect(target.exited, "being stopped is no exit").toBeUndefined();
  });

  test("gets the facts of the world, its own variables, arguments and files", async () => {
    const code =
      "const e = process.env; console.log(JSON.stringify([e.RINGTRUE_APNS_URL, e.RINGTRUE_SIP_DOMAIN, JSON.parse(e.RINGTRUE_PROFILE).id, e.KEY, process.argv[1], require('fs').readFileSync(process.argv[1], 'utf8')]));" +
      STAYS;
    const target = await start(
      processTarget({
        command: process.execPath,
        args: (world) => ["-e", code, world.file("conf/a.conf")],
        files: (world) => ({ "conf/a.conf": `apns=${world.apns.url}` }),
        env: (world) => ({ KEY: world.apns.keyId }),
        ready: { log: "ready" },
      }),
    );
    const file = join(directory, "conf/a.conf");
    expect(JSON.parse(target.output()[0] ?? "")).toEqual([
      "https://127.0.0.1:1",
      "example.test",
      testFacts.profile.id,
      "KEYID00001",
      file,
      "apns=https://127.0.0.1:1",
    ]);
    expect(readFileSync(file, "utf8")).toBe("apns=https://127.0.0.1:1");
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test("may not write files outside the run's directory", async () => {
    await expect(start(script(STAYS, { files: { "../outside": "" } }))).rejects.toThrow(UsageError);
  });

  test("takes its children with it", async () => {
    const target = await start(
      script(
        "const c = require('child_process').spawn(process.execPath, ['-e', 'process.on(\"SIGTERM\", () => {}); console.log(\"up\"); setInterval(() => {}, 1000)'], {stdio: ['ignore', 'pipe', 'ignore']}); c.stdout.once('data', () => { console.log(c.pid); console.log('ready'); });",
      ),
    );
    const child = Number(target.output()[0]);
    expect(isAlive(child)).toBe(true);
    await target.stop();
    await expect.poll(() => isAlive(child)).toBe(false);
  });

  test("that ignores SIGTERM is killed after two seconds", async () => {
    const target = await start(script(`process.on("SIGTERM", () => {}); ${STAYS}`));
    const pid = target.pid ?? 0;
    await target.stop();
    expect(isAlive(pid)).toBe(false);
  });

  test("that ends at once is a TargetError with its code and output", async () => {
    const failing = start(script("console.error('cannot bind'); process.exitCode = 7;"));
    await expect(failing).rejects.toThrow(TargetError);
    await expect(failing).rejects.toThrow(/exit code 7.*\n {2}cannot bind/s);
  });

  test("that does not exist is a TargetError naming the command", async () => {
    await expect(start(processTarget({ command: "no-such-command-anywhere", ready: { log: "x" } }))).rejects.toThrow(
      /no-such-command-anywhere/,
    );
  });

  test("that never becomes ready is a TargetError naming what was awaited, and is stopped", async () => {
    const failing = start(
      script(`console.log(process.pid); ${STAYS}`, { ready: { log: "listening", timeoutMs: 3_000 } }),
    );
    await expect(failing).rejects.toThrow(/no line of output with "listening" within 3000 ms.*\n {2}\d+\n {2}ready/s);
    const pid = Number(/\n {2}(\d+)\n/.exec(await failing.then(String, String))?.[1]);
    expect(isAlive(pid)).toBe(false);
  });

  test("whose start is interrupted is stopped", async () => {
    const abort = new AbortController();
    const failing = start(script("setInterval(() => {}, 1000)"), { signal: abort.signal });
    abort.abort();
    await expect(failing).rejects.toThrow(TargetError);
  });

  test("tells when it ends by itself, and can be started afresh", async () => {
    const code =
      "const f = process.env.RINGTRUE_DIRECTORY + '/again'; const fs = require('fs'); console.log('ready'); if (fs.existsSync(f)) setInterval(() => {}, 1000); else { fs.writeFileSync(f, ''); setTimeout(() => process.exit(9), 200); }";
    const target = await start(script(code));
    expect(await exitOf(target)).toEqual({ code: 9, signal: null });
    await target.restart();
    expect(target.exited).toBeUndefined();
    const exits: TargetExit[] = [];
    target.onExit((exit) => exits.push(exit));
    process.kill(-(target.pid ?? 0), "SIGKILL");
    await expect.poll(() => exits).toEqual([{ code: null, signal: "SIGKILL" }]);
  });

  test("made of several programs starts them in order, each once the one before is ready", async () => {
    const note = (name: string): string =>
      `require('fs').appendFileSync(process.env.RINGTRUE_DIRECTORY + '/order', '${name} '); setTimeout(() => { require('fs').appendFileSync(process.env.RINGTRUE_DIRECTORY + '/order', '${name}-ready '); console.log('ready') }, 100); setInterval(() => {}, 1000);`;
    await start([script(note("a")), script(note("b"))]);
    expect(readFileSync(join(directory, "order"), "utf8")).toBe("a a-ready b b-ready ");
  });

  test("is stopped whole when a later program does not become ready", async () => {
    const failing = start([
      script(`require('fs').writeFileSync(process.env.RINGTRUE_DIRECTORY + '/pid', String(process.pid)); ${STAYS}`),
      script("", { ready: { log: "never" } }),
    ]);
    await expect(failing).rejects.toThrow(TargetError);
    expect(isAlive(Number(readFileSync(join(directory, "pid"), "utf8")))).toBe(false);
  });
});

describe("a remote target", () => {
  test("is ready when anything answers OPTIONS over UDP, even after lost ones", async () => {
    const server = createSocket("udp4");
    let asked = 0;
    server.on("message", (message, remote) => {
      asked += 1;
      if (asked >= 2 && message.toString().startsWith("OPTIONS sip:127.0.0.1:"))
        server.send("SIP/2.0 404 Not Found\r\n\r\n", remote.port, remote.address);
    });
    await new Promise<void>((resolve) => server.bind(0, "127.0.0.1", resolve));
    const target = await start(remoteTarget(), { addresses: [`udp:127.0.0.1:${server.address().port}`] });
    expect(asked).toBe(2);
    expect(target.pid).toBeUndefined();
    await target.restart();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }, 20_000);

  test("is ready when anything answers OPTIONS over TCP", async () => {
    const server = createServer((socket) => {
      socket.on("data", () => socket.write("SIP/2.0 200 OK\r\n\r\n"));
      socket.on("error", () => {});
    });
    const port = await listening(server);
    const target = await start(remoteTarget({ ready: { sip: `tcp:127.0.0.1:${port}` } }));
    expect(target.readyAfterMs).toBeGreaterThan(0);
    server.close();
  });

  test("is ready when a connection is accepted or a URL answers", async () => {
    const server = createHttpServer((_, response) => response.writeHead(503).end());
    const port = await listening(server);
    await start(remoteTarget({ ready: { tcp: `127.0.0.1:${port}` } }));
    const target = await start(remoteTarget({ ready: { http: `http://127.0.0.1:${port}/health` } }));
    expect(target.exited).toBeUndefined();
    server.closeAllConnections();
    server.close();
  });

  test.each([
    [{ sip: "udp:127.0.0.1:1", timeoutMs: 300 }, /no answer to OPTIONS at udp:127\.0\.0\.1:1 within 300 ms/],
    [{ sip: "tcp:127.0.0.1:1", timeoutMs: 300 }, /no answer to OPTIONS at tcp:127\.0\.0\.1:1 within 300 ms/],
    [{ sip: "tls:127.0.0.1:1", timeoutMs: 300 }, /no answer to OPTIONS at tls:127\.0\.0\.1:1 within 300 ms/],
    [{ sip: "wss:127.0.0.1:1", timeoutMs: 300 }, /no answer to OPTIONS at wss:127\.0\.0\.1:1 within 300 ms/],
    [{ tcp: "127.0.0.1:1", timeoutMs: 300 }, /no connection to 127\.0\.0\.1:1 within 300 ms/],
    [{ http: "http://127.0.0.1:1/", timeoutMs: 300 }, /no answer of http:\/\/127\.0\.0\.1:1\/ within 300 ms/],
  ])("that cannot be reached is a TargetError: %o", async (ready, message) => {
    const failing = start(remoteTarget({ ready }));
    await expect(failing).rejects.toThrow(TargetError);
    await expect(failing).rejects.toThrow(message);
  });

  test.each(["sctp:127.0.0.1:5061", "127.0.0.1:5060", "udp:127.0.0.1", "udp:127.0.0.1:99999"])(
    "with the address %s is a UsageError",
    async (sip) => {
      await expect(start(remoteTarget({ ready: { sip } }))).rejects.toThrow(UsageError);
    },
  );
});
