import type { AndroidEvent } from "../../../harness/trace/android-event.ts";
import { manualClock, type ManualClock } from "../../../harness/clock/testing/manual-clock.ts";
import { adapterOn } from "../../device-link/adapter.ts";
import { converse } from "../../device-link/conversation.ts";
import type { LineControl } from "../../device-link/device-line.ts";
import type { RpcError } from "../../device-link/json-rpc.ts";
import type { LinkProblem } from "../../device-link/link-problem.ts";
import {
  messageDefinition,
  type AppNotifications,
  type AppRequests,
  type DeviceMethod,
  type HarnessRequests,
} from "../../device-link/messages.ts";
import { memoryLink } from "../../device-link/testing/memory-link.ts";
import { androidDevice, type AndroidDevice, type AndroidDeviceOptions } from "../android-device.ts";
import { androidNumbers } from "../android-numbers.ts";
import type { SentMessage } from "../message-inbox.ts";

/** What the app does when it is asked; `reply` may be called later, or never. Absent: it replies `{}` at once. */
export type Behaviour = {
  readonly [M in DeviceMethod]?: (
    params: HarnessRequests[M]["params"],
    reply: (error?: RpcError) => void,
    phone: TestAndroid,
  ) => void;
};

export interface TestAndroidOptions extends Partial<Omit<AndroidDeviceOptions, "clock" | "numbers" | "emit">> {
  readonly numbers?: Readonly<Record<string, number>>;
  readonly app?: Behaviour;
}

type Asking<M extends keyof AppRequests> = Omit<AppRequests[M]["params"], "device">;

/** A simulated Android phone on a device link within this process; the app at its other end is the test. */
export interface TestAndroid {
  readonly clock: ManualClock;
  readonly device: AndroidDevice;
  readonly events: readonly AndroidEvent[];
  readonly problems: readonly LinkProblem[];
  /** A request of the app's; gives `{}` for a result, else the error. */
  ask<M extends keyof AppRequests>(method: M, params: Asking<M>): object | RpcError;
  tell<M extends keyof AppNotifications>(method: M, params: Omit<AppNotifications[M]["params"], "device">): void;
  /** The events since the last call of `news`, of the kinds that begin with one of these words. */
  news(...kinds: readonly string[]): readonly AndroidEvent[];
  /** What the app was asked since the last call of `requests`, as `method`. */
  requests(): readonly string[];
  /** What the app was asked last. */
  lastParams(): Record<string, unknown>;
  /** A message sent now, high, with four weeks to live, unless the test says otherwise. */
  push(messageId: string, change?: Partial<SentMessage>): void;
}

export const firstToken = "token-1";

export async function testAndroid({
  numbers = {},
  app = {},
  ...options
}: TestAndroidOptions = {}): Promise<TestAndroid> {
  const clock = manualClock(Date.UTC(2026, 0, 1));
  const events: AndroidEvent[] = [];
  const asked: { readonly method: DeviceMethod; readonly params: Record<string, unknown> }[] = [];
  const problems: LinkProblem[] = [];
  const answers = new Map<number, object>();
  const lines = new Map<string, LineControl>();
  let [seenEvents, seenRequests, lastId] = [0, 0, 0];

  const hear = (text: string): void => {
    const { id, method, params, result, error } = JSON.parse(text);
    if (method === undefined) return void answers.set(id, error ?? result);
    if (messageDefinition(method)?.params.safeParse(params).success !== true)
      throw new TypeError(`${method} does not fit its schema: ${text}`);
    asked.push({ method, params });
    const reply = (refused?: RpcError): void =>
      link.say(
        JSON.stringify({ jsonrpc: "2.0", id, ...(refused === undefined ? { result: {} } : { error: refused }) }),
      );
    const behaviour = app[method as DeviceMethod] as
      | ((its: unknown, reply: (refused?: RpcError) => void, phone: TestAndroid) => void)
      | undefined;
    if (behaviour === undefined) reply();
    else behaviour(params, reply, phone);
  };
  const link = memoryLink(hear);
  const onProblem = (problem: LinkProblem): void => void problems.push(problem);
  const conversation = converse({ link: link.link, clock, lineOf: (name) => lines.get(name), onProblem });
  const adapter = adapterOn({
    link: link.link,
    conversation,
    facts: {
      protocol: "ringtrue.device/1",
      app: { name: "a test", version: "1" },
      platforms: ["android"],
      transports: ["udp"],
    },
    lines,
    requestMs: 30_000,
    onProblem,
  });
  const device = androidDevice({
    clock,
    numbers: androidNumbers(numbers),
    telecom: "self-managed",
    token: firstToken,
    account: null,
    push: { provider: "fcm", param: "project" },
    emit: (event) => events.push(event),
    ...options,
  });
  const line = await adapter.lease({ device: "phone-1", platform: "android", system: device.system });
  if (line === undefined) throw new TypeError("The memory link has ended.");
  device.plugIn(line);

  const phone: TestAndroid = {
    clock,
    device,
    events,
    problems,
    ask(method, params) {
      const id = (lastId += 1);
      link.say(JSON.stringify({ jsonrpc: "2.0", id, method, params: { device: "phone-1", ...params } }));
      return answers.get(id) ?? { message: "no answer" };
    },
    tell: (method, params) =>
      link.say(JSON.stringify({ jsonrpc: "2.0", method, params: { device: "phone-1", ...params } })),
    news(...kinds) {
      const fresh = events.slice(seenEvents);
      seenEvents = events.length;
      return kinds.length === 0 ? fresh : fresh.filter(({ kind }) => kinds.some((word) => kind.startsWith(word)));
    },
    requests() {
      const fresh = asked.slice(seenRequests);
      seenRequests = asked.length;
      return fresh.map(({ method }) => method);
    },
    lastParams() {
      const { device: _device, ...params } = asked.at(-1)?.params ?? {};
      return params;
    },
    push(messageId, change = {}) {
      device.deliver({
        messageId,
        token: device.token(),
        data: { callId: messageId },
        priority: "high",
        sentTimeMs: clock.epochMs + clock.now(),
        ttlMs: 28 * 24 * 3600 * 1000,
        ...change,
      });
    },
  };
  return phone;
}

/** One whose app runs in the background and has its token; nothing of that is news. */
export async function runningAndroid(options: TestAndroidOptions = {}): Promise<TestAndroid> {
  const phone = await testAndroid(options);
  phone.device.boot();
  phone.clock.advance(500);
  phone.news();
  phone.requests();
  return phone;
}
