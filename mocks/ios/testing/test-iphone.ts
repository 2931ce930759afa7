import type { IosEvent } from "../../../harness/trace/ios-event.ts";
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
import { iosDevice, type IosDevice, type IosDeviceOptions } from "../ios-device.ts";
import { iosNumbers } from "../ios-numbers.ts";

const requestMs = 10_000;

export type Refusal = { readonly error: RpcError };

/** What the app does when it is asked; `reply` may be called later, or never. Absent: it replies `{}` at once. */
export type Behaviour = {
  readonly [M in DeviceMethod]?: (
    params: HarnessRequests[M]["params"],
    reply: (refusal?: Refusal) => void,
    app: TestIphone,
  ) => void;
};

export interface TestIphoneOptions extends Partial<Omit<IosDeviceOptions, "clock" | "numbers" | "emit">> {
  readonly numbers?: Readonly<Record<string, number>>;
  readonly app?: Behaviour;
}

/** A simulated iPhone on a device link within this process; the app at its other end is the test. */
export interface TestIphone {
  readonly clock: ManualClock;
  readonly device: IosDevice;
  readonly events: readonly IosEvent[];
  readonly asked: readonly { readonly method: DeviceMethod; readonly params: Record<string, unknown> }[];
  readonly problems: readonly LinkProblem[];
  /** Methods asked of no process, of one whose end was asked for, or a launch where there was one. */
  readonly astray: readonly string[];
  /** A request of the app's; gives `{}` for a result, else the error. */
  ask<M extends keyof AppRequests>(method: M, params: Omit<AppRequests[M]["params"], "device">): object | RpcError;
  tell<M extends keyof AppNotifications>(method: M, params: Omit<AppNotifications[M]["params"], "device">): void;
  /** The kinds of the events since the last call of `news`, or some of their members. */
  news(...members: readonly string[]): readonly unknown[];
  /** Names of what the app was asked since the last call of `requests`. */
  requests(): readonly string[];
  /** The id of the newest action of that type. */
  actionId(type: string): string;
}

export async function testIphone({ numbers = {}, app = {}, ...options }: TestIphoneOptions = {}): Promise<TestIphone> {
  const clock = manualClock(Date.UTC(2026, 0, 1));
  const events: IosEvent[] = [];
  const asked: { method: DeviceMethod; params: Record<string, unknown> }[] = [];
  const problems: LinkProblem[] = [];
  const answers = new Map<number, object | RpcError>();
  const lines = new Map<string, LineControl>();
  let seenEvents = 0;
  let seenRequests = 0;
  let lastId = 0;
  const astray: string[] = [];
  /** The process as the app's side knows it; from `dyingSinceMs` on the link waits `requestMs` for the confirmation. */
  let process: "none" | "there" | "dying" = "none";
  let dyingSinceMs = 0;

  const follow = (method: DeviceMethod): void => {
    if (process === "dying" && clock.now() - dyingSinceMs >= requestMs) process = "none";
    if (process !== (method === "device.launch" ? "none" : "there")) astray.push(method);
    if (method === "device.launch") process = "there";
    if (method !== "device.terminate") return;
    process = "dying";
    dyingSinceMs = clock.now();
  };
  const hear = (text: string): void => {
    const { id, method, params, result, error } = JSON.parse(text);
    if (method === undefined) return void answers.set(id, error ?? result);
    const outgoing = messageDefinition(method)?.params.safeParse(params);
    if (outgoing?.success !== true) throw new TypeError(`${method} does not fit its schema: ${text}`);
    asked.push({ method, params });
    follow(method);
    const reply = (refusal: object = { result: {} }): void => {
      if (method === "device.terminate" || (method === "device.launch" && "error" in refusal)) process = "none";
      link.say(JSON.stringify({ jsonrpc: "2.0", id, ...refusal }));
    };
    const behaviour = app[method as DeviceMethod] as
      | ((its: unknown, reply: (refusal?: Refusal) => void, app: TestIphone) => void)
      | undefined;
    if (behaviour === undefined) reply();
    else behaviour(params, reply, iphone);
  };
  const link = memoryLink(hear);
  const conversation = converse({
    link: link.link,
    clock,
    lineOf: (name) => lines.get(name),
    onProblem: (problem) => problems.push(problem),
  });
  const adapter = adapterOn({
    link: link.link,
    conversation,
    facts: {
      protocol: "ringtrue.device/1",
      app: { name: "a test", version: "1" },
      platforms: ["ios"],
      transports: ["udp"],
    },
    lines,
    requestMs,
    onProblem: (problem) => problems.push(problem),
  });
  const device = iosDevice({
    clock,
    numbers: iosNumbers(numbers),
    token: "aa",
    account: null,
    push: { provider: "apns", param: "TEAM.test.app.voip" },
    emit: (event) => events.push(event),
    ...options,
  });
  const line = await adapter.lease({ device: "phone-1", platform: "ios", system: device.system });
  if (line === undefined) throw new TypeError("The memory link has ended.");
  device.plugIn(line);

  const iphone: TestIphone = {
    clock,
    device,
    events,
    asked,
    problems,
    astray,
    ask(method, params) {
      const id = (lastId += 1);
      link.say(JSON.stringify({ jsonrpc: "2.0", id, method, params: { device: "phone-1", ...params } }));
      return answers.get(id) ?? { message: "no answer" };
    },
    tell(method, params) {
      if (method === "device.died") process = "none";
      link.say(JSON.stringify({ jsonrpc: "2.0", method, params: { device: "phone-1", ...params } }));
    },
    news(...members) {
      const fresh = events.slice(seenEvents);
      seenEvents = events.length;
      if (members.length === 0) return fresh.map(({ kind }) => kind);
      return fresh.map((event) => Object.fromEntries(Object.entries(event).filter(([name]) => members.includes(name))));
    },
    requests() {
      const fresh = asked.slice(seenRequests);
      seenRequests = asked.length;
      return fresh.map(({ method }) => method);
    },
    actionId(type) {
      const action = events.findLast((event) => event.kind === "action.performed" && event.type === type);
      return action?.kind === "action.performed" ? action.action : "none";
    },
  };
  return iphone;
}

export const uuids = [
  "6f1ad0a1-0001-4000-8000-000000000001",
  "6f1ad0a1-0002-4000-8000-000000000002",
  "6f1ad0a1-0003-4000-8000-000000000003",
] as const;
