import { randomUUID } from "node:crypto";
import { androidApp } from "./android-app.ts";
import { appCalls, type Calls } from "./calls.ts";
import type { ClientOptions } from "./client-options.ts";
import { iosApp } from "./ios-app.ts";
import { type Answer, codes, DONE, type Params, refused, type Reply } from "./json-rpc.ts";
import type { LinkProfile } from "./link-profile.ts";
import type { PlatformApp, PlatformHost } from "./platform-app.ts";
import { platformOfMethod } from "./methods.ts";
import { processGate } from "./process-gate.ts";
import { type Account, registration, type Registration } from "./registration.ts";
import { openSipFlow } from "./sip-flow.ts";
import { userAgent, type UserAgent } from "./user-agent.ts";

/** What an app has written to its storage; it outlives the process. */
export interface Disk {
  /** Of this installation (RFC 5626 section 4.1). */
  readonly instance: string;
  /** Undefined: none was issued, or it is void. */
  token: string | undefined;
  isTokenVoid: boolean;
}

export function newDisk(): Disk {
  return { instance: `urn:uuid:${randomUUID()}`, token: undefined, isTokenVoid: false };
}

/** `device.launch` */
export interface Launch {
  readonly platform: "ios" | "android";
  readonly reason: "user" | "push" | "boot";
  readonly account: Account | null;
  readonly push: { readonly provider: string; readonly param: string };
}

export interface PhoneParts {
  readonly options: ClientOptions;
  readonly profile: LinkProfile;
  readonly disk: Disk;
  readonly request: (method: string, params: Params, onReply?: (reply: Reply) => void) => void;
  readonly notify: (method: string, params: Params) => void;
  readonly crash: (message: string) => void;
}

/** One process of the app, on one simulated phone. */
export interface PhoneProcess {
  /** A request of RingTrue's about this phone. */
  handle(method: string, params: Params, answer: (answer: Answer) => void): void;
  /** Process death: sockets and timers are gone, and nobody is told. */
  terminate(): void;
}

/** The account that is logged in, with its flow and its binding. */
interface Line {
  readonly agent: UserAgent;
  readonly registration: Registration;
}

/** How long a new process waits for the token, the push or both before it registers with what it knows. */
const TOKEN_WAIT_MS = 1000;
/** The same for one that has never had a token: without one nothing wakes it. */
const FIRST_TOKEN_WAIT_MS = 5000;
/** These wake nobody. */
const SILENT = new Set(["device.suspend", "network.changed", "account.changed"]);

export function startPhone(launch: Launch, parts: PhoneParts): PhoneProcess {
  const { options, profile, disk } = parts;
  const { fault } = options;
  const gate = processGate();
  const { timers } = gate;
  let line: Line | undefined;
  let isReachable = true;
  /** What it is connected by, once it was told. */
  let network: unknown;
  let waiters: (() => void)[] = [];
  let ringing = 0;

  const request: PhoneParts["request"] = (method, params, onReply) =>
    parts.request(method, params, onReply === undefined ? undefined : (reply) => gate.enter(() => onReply(reply)));

  const host: PlatformHost = {
    options,
    profile,
    timers,
    calls: () => calls,
    request,
    tokenIssued(token) {
      if (fault === "keeps-old-token" && disk.token !== undefined) return;
      const isNew = disk.token !== token;
      disk.token = token;
      disk.isTokenVoid = false;
      if (line === undefined) return;
      if (isNew) line.registration.tokenChanged();
      else if (!line.registration.isRegistered && launch.reason !== "push") line.registration.refresh();
    },
    tokenVoid() {
      disk.token = undefined;
      disk.isTokenVoid = true;
      line?.registration.tokenChanged();
    },
    pushed() {
      if (fault === "no-refresh-on-push" && line?.registration.isRegistered === true) return;
      if (isReachable) line?.registration.refresh();
    },
    onceRegistered: (run) => void waiters.push(run),
    garble() {
      ringing += 1;
      // A log line without its text.
      if (fault === "talks-garbage") parts.notify("log", { level: ringing });
    },
  };
  const platform: PlatformApp = launch.platform === "ios" ? iosApp(host) : androidApp(host);
  const calls: Calls = appCalls({
    profile,
    fault,
    timers,
    inviteWaitMs: options.inviteWaitMs,
    platform: launch.platform,
    screen: platform.screen,
    media: ({ id }, on) => parts.notify(on ? "media.started" : "media.stopped", { callUUID: id }),
    crash: parts.crash,
  });

  function logIn(account: Account): Line {
    const binding: Registration = registration({
      account,
      profile,
      push: () => ({ ...launch.push, token: disk.token }),
      instance: disk.instance,
      agent: () => agent,
      timers,
      fault,
      onRegistered() {
        const due = waiters;
        waiters = [];
        for (const run of due) run();
      },
      onFailed(forGood) {
        if (forGood) calls.unreachable();
      },
    });
    const agent: UserAgent = userAgent({
      registrar: account.registrar,
      openFlow: options.openFlow ?? ((registrar, handlers) => openSipFlow(registrar, options.ca, handlers)),
      gate,
      fault,
      user: /^sips?:([^@]*)@/i.exec(account.aor)?.[1] ?? account.username,
      leak: () => binding.leak(),
      onFlowOpen: () => binding.flowOpened(),
      onFlowLost() {
        binding.flowLost();
        calls.flowLost();
      },
      onInvite: (leg) => calls.invited(leg),
    });
    agent.open();
    return { agent, registration: binding };
  }
  function logOut(from: Line): void {
    for (const call of calls.live) calls.end(call, "failed");
    from.registration.remove(() => from.agent.close());
  }

  function accountChanged(account: Account | null): void {
    const before = line;
    if (before !== undefined && fault !== "ignores-logout") logOut(before);
    line = account === null ? undefined : logIn(account);
    line?.registration.refresh();
  }

  function networkChanged(reachable: boolean, name: unknown): void {
    const isSame = name === undefined || name === network;
    isReachable = reachable;
    network = name;
    if (!reachable || line === undefined || fault === "ignores-network-change") return;
    if (isSame && line.agent.flow?.transport === "udp") {
      line.registration.refresh();
      return;
    }
    // Whatever was open belongs to the network before.
    line.registration.flowLost();
    line.agent.reopen();
    line.registration.refresh();
    calls.flowLost();
  }

  function run(method: string, params: Params, answer: (answer: Answer) => void): void {
    switch (method) {
      case "device.suspend":
        gate.shut();
        break;
      case "device.background":
        break;
      case "device.foreground":
        if (line?.registration.isRegistered === false) line.registration.refresh();
        break;
      case "network.changed":
        gate.enter(() => networkChanged(params["reachable"] !== false, params["interface"]));
        break;
      case "account.changed":
        gate.enter(() => accountChanged(params["account"] as Account | null));
        break;
      default:
        platform.handle(method, params, answer);
        return;
    }
    answer(DONE);
  }

  if (launch.account !== null) {
    line = logIn(launch.account);
    // A push and, on iPhones, the token follow at once; REGISTER tells them both.
    const isComplete = launch.platform === "android" && launch.reason !== "push" && disk.token !== undefined;
    if (isComplete || disk.isTokenVoid) line.registration.refresh();
    else
      timers.after(disk.token === undefined ? FIRST_TOKEN_WAIT_MS : TOKEN_WAIT_MS, () => {
        if (line?.registration.isRegistered === false) line.registration.refresh();
      });
  }

  return {
    handle(method, params, answer) {
      const of = platformOfMethod(method);
      if (of !== "both" && of !== launch.platform) {
        answer(refused(codes.notSupported, `A phone of ${launch.platform} has no ${method}.`));
        return;
      }
      run(method, params, answer);
      // What waited while it was suspended comes after what woke it.
      if (!SILENT.has(method)) gate.open();
    },
    terminate() {
      gate.close();
      line?.agent.close();
    },
  };
}
