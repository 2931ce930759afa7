import { once } from "node:events";
import { connect } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocket } from "ws";
import { liveClock } from "../../harness/clock/clock.ts";
import { manualClock } from "../../harness/clock/testing/manual-clock.ts";
import type { Link } from "./link.ts";
import { defaultLinkLimits } from "./link-limits.ts";
import { collect } from "./testing/collect.ts";
import { listenForLinks, type LinkListener, type LinkListenerOptions } from "./websocket-link.ts";

async function listening(options: Partial<LinkListenerOptions> = {}): Promise<LinkListener> {
  const listener = await listenForLinks({ token: "secret", clock: liveClock(), ...options });
  onTestFinished(async () => await listener.close());
  return listener;
}

function connectedApp(url: string, headers: Readonly<Record<string, string>> = {}): WebSocket {
  const app = new WebSocket(url, { headers });
  app.on("error", () => {});
  onTestFinished(() => app.terminate());
  return app;
}

async function linked(options: Partial<LinkListenerOptions> = {}): Promise<{ link: Link; app: WebSocket }> {
  const listener = await listening(options);
  const app = connectedApp(listener.url);
  const [link] = await Promise.all([listener.next(), once(app, "open")]);
  if (link === undefined) throw new Error("no app came");
  return { link, app };
}

/** The status with which a connection is refused, or 101. */
async function statusOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  const app = connectedApp(url, headers);
  return await new Promise((resolve) => {
    app.once("open", () => resolve(101));
    app.once("unexpected-response", (_, response) => resolve(response.statusCode ?? 0));
  });
}

describe("a link over WebSocket", () => {
  test("carries messages both ways and ends in order", async () => {
    const { link, app } = await linked();
    app.send('{"a":1}');
    const seen = collect(link);
    link.send('{"b":2}');
    const [data] = (await once(app, "message")) as [Buffer];
    expect(data.toString("utf8")).toBe('{"b":2}');
    await seen.count(1);
    const closing = once(app, "close");
    await expect(link.close()).resolves.toEqual({ kind: "closed" });
    const [code] = (await closing) as [number];
    expect(code).toBe(1000);
    expect(seen).toMatchObject({ messages: [{ a: 1 }], problems: [] });
  });

  test("gives several apps their own links, in the order they came", async () => {
    const listener = await listening();
    const first = connectedApp(listener.url);
    await once(first, "open");
    const second = connectedApp(listener.url);
    await once(second, "open");
    first.send('{"app":1}');
    second.send('{"app":2}');
    for (const app of [1, 2]) {
      const link = await listener.next();
      if (link === undefined) throw new Error("no app came");
      const seen = collect(link);
      await seen.count(1);
      expect(seen.messages).toEqual([{ app }]);
    }
  });

  test("whoever waits for an app is told when none will come", async () => {
    const listener = await listening();
    const controller = new AbortController();
    const aborted = listener.next(controller.signal);
    const waiting = listener.next();
    controller.abort();
    await expect(aborted).resolves.toBeUndefined();
    await listener.close();
    await expect(waiting).resolves.toBeUndefined();
    await expect(listener.next()).resolves.toBeUndefined();
  });

  test.each([
    ["another path", (url: string) => url.replace("secret", "secret2"), {}, 404],
    ["another host name", (url: string) => url, { host: "evil.example" }, 403],
    ["a page of another origin", (url: string) => url, { origin: "https://evil.example" }, 403],
    ["a page without an origin", (url: string) => url, { origin: "null" }, 403],
    ["a page of this host", (url: string) => url, { origin: "http://localhost:5173" }, 101],
    ["the name localhost", (url: string) => url.replace("127.0.0.1", "localhost"), {}, 101],
  ])("%s is answered as it should be", async (_, urlOf, headers, status) => {
    const refusals: string[] = [];
    const listener = await listening({ onRefused: (why) => refusals.push(why) });
    await expect(statusOf(urlOf(listener.url), headers)).resolves.toBe(status);
    expect(refusals).toHaveLength(status === 101 ? 0 : 1);
  });

  test("a binary message is named and the next one is read", async () => {
    const { link, app } = await linked();
    const seen = collect(link);
    app.send(Buffer.from([1, 2, 3]));
    app.send('{"a":1}');
    await seen.count(1);
    expect(seen.problems).toEqual([{ kind: "binary-message", bytes: 3 }]);
  });

  test("a message that is too long ends the link, and its end says so", async () => {
    const { link, app } = await linked({ limits: { ...defaultLinkLimits, messageBytes: 100 } });
    const seen = collect(link);
    app.send("x".repeat(101));
    const problem = { kind: "too-long", limitBytes: 100 };
    await expect(link.closed).resolves.toEqual({ kind: "cut", problem });
    expect(seen.problems).toEqual([problem]);
  });

  test.each([
    ["messages", (app: WebSocket) => app.send("{}")],
    ["pings", (app: WebSocket) => app.ping()],
  ])("an app that floods with %s is cut off", async (_, send) => {
    const limits = { ...defaultLinkLimits, burst: 50, messagesPerSecond: 10 };
    const { link, app } = await linked({ limits, clock: manualClock(0) });
    const seen = collect(link);
    for (let nth = 0; nth < 60; nth += 1) send(app);
    await expect(link.closed).resolves.toEqual({ kind: "cut", problem: { kind: "flood", messagesPerSecond: 10 } });
    expect(seen.messages.length).toBeLessThanOrEqual(50);
  });

  test("frames that are none end the link, and its end says so", async () => {
    const { link, app } = await linked();
    collect(link);
    const { port } = new URL(app.url);
    expect(port).not.toBe("");
    // Reserved bits are set (RFC 6455 section 5.2).
    (app as unknown as { readonly _socket: { write(bytes: Uint8Array): void } })._socket.write(
      Buffer.from([0xf1, 0x80]),
    );
    await expect(link.closed).resolves.toMatchObject({ kind: "cut", problem: { kind: "broken-frame" } });
  });

  test("an app that vanishes is disconnected, and one that does not answer the farewell is cut", async () => {
    const gone = await linked();
    collect(gone.link);
    gone.app.terminate();
    await expect(gone.link.closed).resolves.toEqual({ kind: "disconnected", code: 1006, reason: "" });

    const clock = manualClock(0);
    const silent = await linked({ clock });
    silent.app.pause();
    const closing = silent.link.close();
    clock.advance(2000);
    await expect(closing).resolves.toEqual({ kind: "closed" });
  });

  test("plain HTTP is told what is spoken here, and what is no HTTP at all is cut", async () => {
    const listener = await listening();
    const { host, port } = new URL(listener.url);
    const response = await fetch(`http://${host}/secret`);
    expect(response.status).toBe(426);
    const socket = connect(Number(port), "127.0.0.1");
    socket.write("\u0016\u0003\u0001 hello\r\n\r\n");
    socket.resume();
    await once(socket, "close");
    expect(socket.destroyed).toBe(true);
  });

  test("a port that is taken is the user's to mend", async () => {
    const listener = await listening();
    const again = listenForLinks({ token: "t", clock: liveClock(), port: Number(new URL(listener.url).port) });
    await expect(again).rejects.toMatchObject({ code: "device-link-cannot-listen", fault: "user" });
  });
});
