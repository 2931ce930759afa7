// An adapter for tests: it hosts any number of devices and takes every call, or misbehaves in the way its first argument names.
// It speaks over its standard streams, or by WebSocket where RINGTRUE_DEVICE_LINK_URL says so.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const behaviour = process.argv[2] ?? "conforming";
const url = process.env.RINGTRUE_DEVICE_LINK_URL;
const waiting = new Map();
const launched = new Map();
let lastId = 0;
let write = (text) => process.stdout.write(`${text}\n`);

function send(message) {
  write(JSON.stringify({ jsonrpc: "2.0", ...message }));
}

function ask(method, params) {
  const id = `app-${(lastId += 1)}`;
  send({ id, method, params });
  return new Promise((resolve) => waiting.set(id, resolve));
}

const facts = {
  protocol: behaviour === "old" ? "ringtrue.device/0" : "ringtrue.device/1",
  app: { name: "test adapter", version: "1.0.0", ofNoInterest: true },
  platforms: ["ios", "android"],
  transports: ["udp"],
  maxDevices: 2,
};

const handlers = {
  initialize: () => (behaviour === "factless" ? {} : facts),
  "device.launch": ({ device, ...how }) => {
    launched.set(device, how);
    return {};
  },
  "device.terminate": ({ device }) => {
    launched.delete(device);
    return {};
  },
  "pushRegistry.didUpdatePushCredentials": () => ({}),
  "messagingService.onNewToken": () => ({}),
  "pushRegistry.didReceiveIncomingPush": ({ device, pushId, payload }) => {
    if (payload?.crash === true) {
      send({ method: "device.died", params: { device, message: "never posted an incoming call" } });
      launched.delete(device);
      return undefined;
    }
    const uuid = payload?.callUUID ?? "00000000-0000-4000-8000-000000000000";
    void ask("provider.reportNewIncomingCall", { device, uuid, update: {} }).then(() =>
      ask("pushRegistry.completion", { device, pushId }),
    );
    return {};
  },
  "messagingService.onMessageReceived": ({ device, message }) => {
    const call = { connectionId: message.messageId, handle: "sip:caller@example.test", hasVideo: false };
    void ask("telecom.addNewIncomingCall", { device, ...call });
    return {};
  },
};

function receive(text) {
  const message = JSON.parse(text);
  if (message.method === undefined) {
    waiting.get(message.id)?.(message);
    waiting.delete(message.id);
    return;
  }
  const { id, method, params } = message;
  if (behaviour === "dies") {
    process.stderr.write("cannot load libpjsip\n");
    process.exit(3);
  }
  if (behaviour === "hangs") return;
  if (behaviour === "floods") flood();
  if (behaviour === "garbage") write("Welcome to the app!");
  const handler = handlers[method];
  if (handler === undefined) {
    if (behaviour === "agrees") send({ id, result: {} });
    else if (behaviour === "wrong-refusal") send({ id, error: { code: -32000, message: "no" } });
    else send({ id, error: { code: -32601, message: "Method not found" } });
  } else if (params.device !== undefined && !launched.has(params.device) && method !== "device.launch") {
    send({ id, error: { code: -32001, message: "Not launched" } });
  } else {
    const result = handler(params);
    if (result !== undefined) send({ id, result });
  }
}

function flood() {
  for (let nth = 0; nth < 1000; nth += 1) write('{"jsonrpc":"2.0","method":"log","params":{}}');
  setImmediate(flood);
}

if (behaviour === "stubborn") {
  process.on("SIGTERM", () => process.stderr.write("got SIGTERM\n"));
  setInterval(() => {}, 1000);
}
if (behaviour === "parent") {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" });
  child.unref();
  process.stderr.write(`child ${child.pid}\n`);
}
if (behaviour === "closes-stdout") {
  process.stdout.end();
  setInterval(() => {}, 1000);
}

if (url === undefined) {
  createInterface({ input: process.stdin }).on("line", receive);
} else {
  const { WebSocket } = await import("ws");
  const socket = new WebSocket(url);
  write = (text) => socket.send(text);
  socket.on("message", (data) => receive(Buffer.from(data).toString("utf8")));
}
