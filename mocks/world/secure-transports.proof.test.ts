import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { liveClock } from "../../harness/clock/clock.ts";
import { UsageError } from "../../harness/errors.ts";
import { testFacts } from "../../harness/judge/testing/default-facts.ts";
import { testPlan } from "../../harness/judge/testing/test-plan.ts";
import { eventsOf } from "../../harness/trace/query.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import { header } from "../../harness/wire/headers.ts";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import { listenSip } from "../sip/listen-sip.ts";
import { sipServer } from "../sip/sip-server.ts";
import { testCertificates } from "../sip/testing/test-certificate.ts";
import { startServerWorld, type ServerWorld, type ServerWorldOptions } from "./server-world.ts";

type Scheme = "tls" | "ws" | "wss";

/** A world whose target is a registrar that has nobody to call; its certificate is the world's unless `elsewhere`. */
async function play(
  scheme: Scheme,
  access: ServerWorldOptions["sipAccess"],
  elsewhere?: { readonly certPem: string; readonly keyPem: string },
): Promise<Trace> {
  const directory = await mkdtemp(join(tmpdir(), "ringtrue-secure-"));
  // The last to be done: what was begun later ends sooner.
  onTestFinished(() => rm(directory, { recursive: true }));
  const transport = scheme === "tls" ? "tls" : "ws";
  const deadlines = { ...testFacts().deadlines, absenceMs: 100 };
  const port = { sip: 0 };
  const world: ServerWorld = await startServerWorld({
    clock: liveClock(),
    directory,
    bind: "127.0.0.1",
    ports: {},
    domain: "example.test",
    ...(access === undefined ? {} : { sipAccess: access }),
    appId: "test.example.app",
    limits: { apnsExpirationMaxS: 60, fcmTtlMaxS: 60 },
    cases: 1,
    runFacts(facts) {
      port.sip = facts.port("sip");
      const sip = { addresses: [`${scheme}:127.0.0.1:${port.sip}`], domain: "example.test" };
      return { ...testFacts(), deadlines, sip };
    },
  });
  const { certificateFile, keyFile } = world.facts.tls;
  const own = { certPem: await readFile(certificateFile, "utf8"), keyPem: await readFile(keyFile, "utf8") };
  const target = sipServer({
    clock: liveClock(),
    domain: "example.test",
    accountOf: (user) => ({ aor: `sip:${user}@example.test`, username: user }),
    registration: testFacts().profile.registration,
    onFault: (message) => expect.unreachable(message),
  });
  const listener = await listenSip({
    transport,
    port: port.sip,
    ...(scheme === "ws" ? {} : { certificate: elsewhere ?? own }),
    ...(transport === "ws" ? { path: "/sip" } : {}),
    flow: "target",
    tap: () => {},
    onFlow: (flow) => target.adopt(flow),
  });
  onTestFinished(async () => {
    target.dispose();
    await listener.close();
    await world.close();
  });
  const plan = testPlan({ transport, phones: [{ signalling: "connected" }] });
  const call = { after: { on: "case.started" }, delayMs: 0, do: { kind: "caller.call", call: "call:1" } } as const;
  const lease = { caseId: "case", attempt: 1, nonce: "n" };
  return await world.play({ ...plan, steps: [call] }, lease, new AbortController().signal);
}

/** Start lines of what crossed the wire, by who saw them. */
function heard(trace: Trace): string[] {
  return eventsOf(trace, "sip").map(({ from, to, bytes }) => {
    const message = parseMessage(bytes);
    return `${from}>${to} ${message.kind === "request" ? message.method : message.kind === "response" ? message.status : "?"}`;
  });
}

describe.each<Scheme>(["tls", "ws", "wss"])("a case over %s", (scheme) => {
  test("is played like any other", async () => {
    const trace = await play(scheme, { tls: {}, wsPath: "/sip" });
    expect(trace.end.kind).toBe("finished");
    expect(eventsOf(trace, "flow.opened").map(({ transport }) => transport)).toEqual(
      Array(2).fill(scheme === "tls" ? "tls" : "ws"),
    );
    expect(heard(trace)).toEqual([
      "phone>target REGISTER",
      "target>phone 200",
      "caller>target INVITE",
      "target>caller 480",
      "caller>target ACK",
    ]);
    const register = parseMessage(eventsOf(trace, "sip")[0]!.bytes);
    expect(register.kind === "request" && header(register, "via")).toMatch(
      new RegExp(`^SIP/2.0/${scheme.toUpperCase()} `),
    );
  });
});

describe("a target that TLS does not trust", () => {
  test.each([
    ["nobody vouches for", {}, /certificate|issuer/i],
    ["is called otherwise", { serverName: "sip.acme.test" }, /altnames|hostname/i],
  ])("because it %s refuses every phone, which is in the trace", async (why, tls, message) => {
    const stranger = why === "nobody vouches for" ? (await testCertificates()).own : undefined;
    const trace = await play("tls", { tls, wsPath: "/" }, stranger);
    const closed = eventsOf(trace, "flow.closed");
    expect(closed.map((event) => event.by)).toContain("target");
    expect(closed[0]?.why).toMatch(message);
    expect(heard(trace)).toEqual([]);
  });

  test("is trusted by the name and authority of the config", async () => {
    const { caPem, other } = await testCertificates();
    const directory = await mkdtemp(join(tmpdir(), "ringtrue-ca-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    const caFile = join(directory, "ca.pem");
    await writeFile(caFile, caPem);
    const trace = await play("wss", { tls: { caFile, serverName: "sip.elsewhere.test" }, wsPath: "/sip" }, other);
    expect(heard(trace)).toContain("target>caller 480");
  });

  test("cannot be named by a file that is not there", async () => {
    const failing = play("tls", { tls: { caFile: "/nowhere/ca.pem" }, wsPath: "/" });
    await expect(failing).rejects.toThrow(UsageError);
    await expect(failing).rejects.toThrow("target.sip.tls.caFile cannot be read");
  });
});
