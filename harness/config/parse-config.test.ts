import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import type { Config } from "./config.ts";
import { parseConfig } from "./parse-config.ts";

const target = {
  name: "Acme",
  version: "1",
  start: { kind: "remote" },
  sip: { address: "udp:127.0.0.1:5060" },
} as const;
const FILE = "ringtrue.config.ts";

/** What parsing says against it, or "" when it takes the config. */
function complaint(config: unknown): string {
  try {
    parseConfig(config, FILE);
    return "";
  } catch (error) {
    return error instanceof UsageError ? error.message : `no UsageError: ${String(error)}`;
  }
}

describe("a config", () => {
  test("gets every documented default", () => {
    expect(parseConfig({ target } satisfies Config, FILE)).toEqual({
      target: {
        name: "Acme",
        version: "1",
        role: "server",
        profile: "rfc8599",
        features: {
          platforms: ["ios"],
          transports: ["udp"],
          kind: "proxy",
          wake: "always",
          delivery: "hold",
          progress: "end-to-end",
          fallback: "none",
          video: false,
          multipleDevices: false,
          concurrentCalls: false,
          digest: false,
          pushRetry: false,
        },
        start: [{ kind: "remote" }],
        sip: { address: ["udp:127.0.0.1:5060"], domain: "example.test", tls: {}, wsPath: "/" },
        media: "rtp",
        subscribers: { kind: "generated" },
        callers: { register: false },
      },
      world: { bind: "127.0.0.1", ports: {} },
      suite: { runs: 100, concurrency: 32, strict: false },
      deadlines: {
        appReactsMs: 5000,
        pushAfterInviteMs: 5000,
        inviteAfterRegisterMs: 2000,
        ringStopAfterHangupMs: 2000,
        finalResponseMs: 40_000,
        absenceMs: 1500,
        inviteWaitMs: { min: 13_000, max: 35_000 },
      },
      os: {},
      expectedFailures: [],
      reports: { directory: "ringtrue-report", formats: ["json", "html", "junit"] },
    });
  });

  test("keeps what it says, and takes undefined for not said", () => {
    const config = parseConfig(
      {
        target: {
          ...target,
          profile: { extends: "rfc8599", payload: { hint: "/aps/pushHint" } },
          features: { kind: "b2bua", video: undefined },
        },
        world: { advertise: undefined, ports: {}, ca: undefined, credentials: undefined },
        suite: { scenarios: undefined, runs: 5, seed: undefined },
        deadlines: { absenceMs: 9 },
        expectedFailures: [
          { requirement: "apns/expiration", reason: "ACME-12", expires: "2027-01-01", mismatch: "too-late" },
        ],
      },
      FILE,
    );
    expect(config.target.profile).toEqual({ extends: "rfc8599", payload: { hint: "/aps/pushHint" } });
    expect(config.target.features).toMatchObject({ kind: "b2bua", video: false });
    expect(config.suite).toEqual({ runs: 5, concurrency: 32, strict: false });
    expect(config.deadlines).toMatchObject({ absenceMs: 9, finalResponseMs: 40_000 });
    expect(config.expectedFailures).toHaveLength(1);
  });

  test.each<[string, unknown, RegExp]>([
    ["an unknown key", { target, suites: {} }, /- suites is not known\. Did you mean suite\?/],
    [
      "an unknown key within",
      { target: { ...target, features: { multipleDevice: true } } },
      /target\.features\.multipleDevice is not known\. Did you mean multipleDevices\?/,
    ],
    [
      "an unknown key of a start",
      { target: { ...target, start: { kind: "process", comand: "x", command: "x" } } },
      /target\.start\.comand is not known\. Did you mean command\?/,
    ],
    [
      "an unknown key of a pool account",
      { target: { ...target, subscribers: { kind: "pool", accounts: [{ aor: "sip:a@b", user: "a" }] } } },
      /accounts\[0\]\.username.*\n.*accounts\[0\]\.user is not known/s,
    ],
    [
      "an unknown key like no other",
      { target, deadlines: { xyzzy: 1 } },
      /deadlines\.xyzzy is not known\. Known here: appReactsMs, /,
    ],
    ["no target", {}, /- target is missing/],
    ["no name", { target: { ...target, name: "" } }, /target\.name: must not be empty/],
    ["an unknown start", { target: { ...target, start: "acme" } }, /target\.start: .*processTarget/],
    [
      "a wrong enum",
      { target: { ...target, features: { delivery: "held" } } },
      /target\.features\.delivery: .*hold.*parallel/,
    ],
    ["a wrong number", { target, suite: { runs: -1 } }, /suite\.runs: /],
    ["an empty selection", { target, suite: { scenarios: [] } }, /suite\.scenarios: must name a scenario/],
    [
      "a waiver without a reason",
      { target, expectedFailures: [{ requirement: "apns/topic" }] },
      /expectedFailures\[0\]\.reason/,
    ],
    [
      "a waiver of no date",
      { target, expectedFailures: [{ requirement: "apns/topic", reason: "x", expires: "soon" }] },
      /expectedFailures\[0\]\.expires/,
    ],
    [
      "an address of another kind",
      { target: { ...target, sip: { address: 5060 } } },
      /target\.sip\.address: .*string.*, or .*array/,
    ],
    [
      "a bad address",
      { target: { ...target, sip: { address: "127.0.0.1" } } },
      /target\.sip\.address must begin with udp:, tcp:, tls:, ws: or wss:/,
    ],
    [
      "a transport without an address",
      { target: { ...target, features: { transports: ["udp", "tcp"] } } },
      /has tcp, and target\.sip\.address has no such address/,
    ],
    ["nothing", undefined, /ringtrue\.config\.ts is not a valid config/],
  ])("with %s is a UsageError naming file and field", (_, config, message) => {
    expect(complaint(config)).toMatch(message);
    expect(complaint(config)).toContain(FILE);
  });

  test("may declare Android phones and fix the port of their push service", () => {
    const config = {
      target: { ...target, features: { platforms: ["ios", "android"] } },
      world: { ports: { fcm: 8443 } },
    };
    const { target: declared, world } = parseConfig(config, FILE);
    expect([declared.features.platforms, world.ports]).toEqual([["ios", "android"], { fcm: 8443 }]);
  });

  test("may listen on every transport, and says whom to believe and which path to ask for", () => {
    const address = ["udp:127.0.0.1:1", "tls:127.0.0.1:2", "wss:127.0.0.1:3"];
    const sip = { address, tls: { caFile: "ca.pem", serverName: "sip.acme.test" }, wsPath: "/sip" };
    const { target: declared } = parseConfig({ target: { ...target, sip } }, FILE);
    expect(declared.features.transports).toEqual(["udp", "tls", "ws"]);
    expect([declared.sip.tls, declared.sip.wsPath]).toEqual([sip.tls, "/sip"]);
    expect(parseConfig({ target }, FILE).target.sip).toMatchObject({ tls: {}, wsPath: "/" });
  });

  test("of a client needs no address, and has one adapter", () => {
    const client = { name: "Acme", version: "1", role: "client", start: { kind: "process", command: "acme" } };
    const { target: declared } = parseConfig({ target: client }, FILE);
    expect(declared).toMatchObject({ role: "client", media: "rtp", features: { transports: ["udp"] } });
    expect(declared.sip).toMatchObject({ address: [], domain: "example.test" });
    expect(declared.start).toEqual([{ kind: "process", command: "acme" }]);
  });

  test("of a client may have it in a module, or connected by somebody else", () => {
    for (const start of [
      { kind: "module", module: "app.js" },
      { kind: "remote", link: "websocket" },
    ]) {
      const config = { target: { name: "Acme", version: "1", role: "client", start } };
      expect(parseConfig(config, FILE).target.start).toEqual([start]);
    }
  });

  test.each<[string, unknown, RegExp]>([
    ["a server without an address", { target: { ...target, sip: {} } }, /target\.sip\.address is missing/],
    ["a server without sip", { target: { ...target, sip: undefined } }, /target\.sip\.address is missing/],
    [
      "a server with a link",
      { target: { ...target, start: { kind: "process", command: "x", link: "stdio" } } },
      /target\.start\.link: only client targets/,
    ],
    ["a server with media", { target: { ...target, media: "srtp" } }, /target\.media: only for client targets/],
    [
      "a server in a module",
      { target: { ...target, start: { kind: "module", module: "app.js" } } },
      /target\.start: a module can only be a client target/,
    ],
    ["a client with an address", { target: { ...target, role: "client" } }, /target\.sip\.address: a client target is/],
    [
      "a remote client without a link",
      { target: { name: "A", version: "1", role: "client", start: { kind: "remote" } } },
      /target\.start\.link must be "websocket"/,
    ],
    [
      "a client with two programs",
      {
        target: {
          name: "A",
          version: "1",
          role: "client",
          start: [
            { kind: "process", command: "a" },
            { kind: "process", command: "b" },
          ],
        },
      },
      /target\.start: a client target is one adapter/,
    ],
    [
      "a client with ports of push services",
      {
        target: { name: "A", version: "1", role: "client", start: { kind: "process", command: "a" } },
        world: { ports: { apns: 443 } },
      },
      /world\.ports: no push service listens/,
    ],
  ])("of the wrong role is refused: %s", (_, config, message) => {
    expect(complaint(config)).toMatch(message);
  });

  test.each<[string, unknown]>([
    ["container targets", { target: { ...target, start: { kind: "container", image: "x" } } }],
    ["registerDevice", { target: { ...target, registerDevice: () => {} } }],
    ["callers.register", { target: { ...target, callers: { register: true } } }],
    ["world.ca", { target, world: { ca: {} } }],
    ["reports.formats", { target, reports: { formats: ["json", "ctrf"] } }],
  ])("that asks for what this version does not do is told so plainly: %s", (what, config) => {
    expect(complaint(config)).toContain("this version of RingTrue does not do");
    expect(complaint(config)).toContain(what);
  });
});
