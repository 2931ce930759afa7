import { execFile } from "node:child_process";
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { fc } from "@fast-check/vitest";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createFcmMock, type FcmMock } from "../standalone/fcm-mock.ts";
import { nodeOptionsWord } from "./node-options-word.ts";
import { preloadFile, redirectEnvironment } from "./redirect-environment.ts";

/** Runs a program for Node.js. */
async function node(
  script: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return await promisify(execFile)(process.execPath, ["-e", script], {
    env: { ...process.env, ...environment },
    timeout: 15_000,
  });
}

/** Asks the FCM of the vendor's address for a page it does not have, in every way a program can connect. */
const PROGRAM = `
const { get, Agent } = require("node:https");
const http2 = require("node:http2");
const net = require("node:net");
const tls = require("node:tls");
const { Worker } = require("node:worker_threads");
const host = "fcm.googleapis.com";
const settled = (work) => new Promise((resolve) => work(resolve).on("error", (error) => resolve(error.code)));
const secured = (socket, resolve) => socket.on("secureConnect", () => (resolve(socket.authorized), socket.destroy()));
const connected = (socket, resolve) => socket.on("connect", () => (resolve(socket.remotePort), socket.destroy()));
const ways = {
  https: (resolve) => get("https://" + host + "/none", { agent: new Agent() }, ({ statusCode }) => resolve(statusCode)),
  http2(resolve) {
    const session = http2.connect("https://" + host);
    session.request({ ":path": "/none" }).on("response", (headers) => (resolve(headers[":status"]), session.destroy()));
    return session;
  },
  "tls by options": (resolve) => secured(tls.connect({ host, port: 443, servername: host }), resolve),
  "tls by port": (resolve) => secured(tls.connect(443, host, { servername: host }), resolve),
  "net by port": (resolve) => connected(net.connect(443, host), resolve),
  "net by options": (resolve) => connected(net.connect({ host, port: "443" }), resolve),
  "a socket by port": (resolve) => connected(new net.Socket().connect(443, "FCM.googleapis.com"), resolve),
  "a socket by options": (resolve) => connected(new net.Socket().connect({ host, port: 443 }), resolve),
  "a worker thread": (resolve) => new Worker(
    'require("node:https").get("https://" + ' + JSON.stringify(host) + ' + "/none", ({ statusCode }) => require("node:worker_threads").parentPort.postMessage(statusCode))',
    { eval: true }).on("message", resolve),
};
(async () => {
  const found = {};
  for (const [name, way] of Object.entries(ways)) found[name] = await settled(way);
  found.fetch = (await fetch("https://" + host + "/none")).status;
  console.log(JSON.stringify(found));
  process.exit(0);
})();`;

describe("the environment that points an unmodified program at mocks", () => {
  let fcm: FcmMock;
  let directory: string;
  let caFile: string;

  beforeAll(async () => {
    fcm = await createFcmMock();
    directory = await mkdtemp(join(tmpdir(), "ringtrue-redirect-"));
    caFile = join(directory, "ca.pem");
    await writeFile(caFile, fcm.caPem);
  });
  afterAll(async () => {
    await fcm.close();
    await rm(directory, { recursive: true, force: true });
  });

  test("redirects whatever way it connects, and leaves it to verify the vendor's name", async () => {
    const { stdout } = await node(PROGRAM, redirectEnvironment({ fcm, caFile }).environment);
    expect(JSON.parse(stdout)).toEqual({
      https: 404,
      http2: 404,
      "tls by options": true,
      "tls by port": true,
      "net by port": fcm.port,
      "net by options": fcm.port,
      "a socket by port": fcm.port,
      "a socket by options": fcm.port,
      "a worker thread": 404,
      fetch: 404,
    });
  });

  test("leaves every other connection alone", async () => {
    const script = `
      require("node:net").connect(${fcm.port}, "127.0.0.1").on("connect", function () { this.destroy(); console.log("there"); });
      require("node:net").connect({ path: "/nowhere" }).on("error", ({ code }) => console.log(code));`;
    const { stdout } = await node(script, redirectEnvironment({ fcm, caFile }).environment);
    expect(stdout.split("\n").toSorted()).toEqual(["", "ENOENT", "there"]);
  });

  test("is refused by the preload, in words, where the variable was garbled", async () => {
    const { environment } = redirectEnvironment({ caFile });
    const failed = await node("", { ...environment, RINGTRUE_REDIRECT: "fcm.googleapis.com" }).catch(String);
    expect(failed).toContain("RINGTRUE_REDIRECT: fcm.googleapis.com is not host:port=host:port");
  });

  test("names every address of both vendors, and what /etc/hosts would have to say", () => {
    const { environment, hosts } = redirectEnvironment({
      apns: { host: "::1", port: 8443 },
      fcm: { host: "127.0.0.1", port: 9443 },
      caFile: "/ca.pem",
    });
    expect(environment["RINGTRUE_REDIRECT"]?.split(",")).toEqual([
      "api.push.apple.com:443=[::1]:8443",
      "api.push.apple.com:2197=[::1]:8443",
      "api.sandbox.push.apple.com:443=[::1]:8443",
      "api.sandbox.push.apple.com:2197=[::1]:8443",
      "fcm.googleapis.com:443=127.0.0.1:9443",
      "oauth2.googleapis.com:443=127.0.0.1:9443",
      "www.googleapis.com:443=127.0.0.1:9443",
    ]);
    expect(hosts).toEqual([
      "::1 api.push.apple.com api.sandbox.push.apple.com",
      "127.0.0.1 fcm.googleapis.com oauth2.googleapis.com www.googleapis.com",
    ]);
    expect(redirectEnvironment({ fcm: { host: "push.test", port: 1 }, caFile: "/ca.pem" }).hosts).toEqual([]);
  });

  test("preloads from a directory whose name has spaces, quotes and backslashes", async () => {
    const odd = join(directory, String.raw`it's "my" \ place`);
    await mkdir(odd);
    await copyFile(preloadFile, join(odd, "preload.cjs"));
    const { environment } = redirectEnvironment({ fcm, caFile });
    const { stdout } = await node(
      `require("node:https").get("https://fcm.googleapis.com/none", ({ statusCode }) => (console.log(statusCode), process.exit()));`,
      { ...environment, NODE_OPTIONS: `--require=${nodeOptionsWord(join(odd, "preload.cjs"))}` },
    );
    expect(stdout).toBe("404\n");
  });

  test("quotes a word so that taking the quotes off again gives the word", () => {
    const characters = fc.constantFrom("a", "/", " ", '"', "\\", "'");
    fc.assert(
      fc.property(fc.string({ unit: characters, minLength: 1 }), (text) => {
        const quoted = nodeOptionsWord(text);
        expect(quoted.startsWith('"') ? quoted.slice(1, -1).replaceAll(/\\(.)/g, "$1") : quoted).toBe(text);
      }),
    );
  });
});
