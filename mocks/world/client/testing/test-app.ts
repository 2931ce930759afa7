import { header } from "../../../../harness/wire/headers.ts";
import { memoryLink } from "../../../device-link/testing/memory-link.ts";
import type { Link, LinkEnd } from "../../../device-link/link.ts";
import { phoneAgent, type IncomingCall, type PhoneAgent } from "../../../sip/phone-agent.ts";
import { sdpAnswer } from "../../../sip/sdp.ts";
import type { SipSocket } from "../../../sip/sip-socket.ts";
import { openTcpConnection } from "../../../sip/tcp-connection.ts";
import { openUdpSocket } from "../../../sip/udp-socket.ts";

/** An app for tests: it conforms as far as the tests go, in as few lines as it can. */
export interface TestApp {
  readonly link: Link;
  /** The adapter goes. */
  die(end: LinkEnd): void;
  /** The app says this about a device. */
  say(device: string, method: string, params?: object): void;
  /** Writes this to the link as it is. */
  garble(text: string): void;
  /** Methods it was asked, with the device each was about: `device.launch n1/phone:1`. */
  readonly asked: readonly string[];
  /** Resolves once it was asked that; the test's own time-out is the deadline. */
  whenAsked(asked: string): Promise<void>;
}

export interface TestAppOptions {
  readonly maxDevices?: number;
  readonly platforms?: readonly string[];
  readonly transports?: readonly string[];
  readonly telecom?: string;
  /** Methods it never answers. */
  readonly leaves?: readonly string[];
  /** It answers every request and does nothing else. */
  readonly isLazy?: boolean;
  /** Launches are refused. */
  readonly refusesLaunch?: boolean;
}

interface Params {
  readonly [name: string]: unknown;
}

interface Account {
  readonly aor: string;
  readonly username: string;
  readonly password: string;
  readonly registrar: { readonly transport: string; readonly host: string; readonly port: number };
}

interface OpenCall {
  /** What the phone calls it. */
  readonly name: string;
  readonly callId: string | undefined;
  invite: IncomingCall | undefined;
  /** The user answered; the action that is to be fulfilled. */
  answer: string | true | undefined;
  isOver: boolean;
}

export function testApp(options: TestAppOptions = {}): TestApp {
  const { maxDevices, platforms = ["ios", "android"], transports = ["udp", "tcp"], telecom = "self-managed" } = options;
  const asked: string[] = [];
  const waiting = new Map<string, () => void>();
  const processes = new Map<string, Process>();
  /** What its apps keep on disk. */
  const tokens = new Map<string, string>();
  let lastId = 0;
  const memory = memoryLink((text) => {
    const message = JSON.parse(text) as { readonly id?: number; readonly method?: string; readonly params?: Params };
    // A turn later, as over any real link.
    if (message.method !== undefined)
      setImmediate(() => void receive(message.id!, message.method!, message.params ?? {}));
  });
  const write = (message: object): void => memory.say(JSON.stringify({ jsonrpc: "2.0", ...message }));
  const say = (device: string, method: string, params: object = {}): void =>
    write({ id: (lastId += 1), method, params: { device, ...params } });
  const tell = (device: string, method: string, params: object): void =>
    write({ method, params: { device, ...params } });

  async function receive(id: number, method: string, params: Params): Promise<void> {
    if (method === "initialize") {
      const app = { name: "test app", version: "1" };
      const room = maxDevices === undefined ? {} : { maxDevices };
      write({ id, result: { protocol: "ringtrue.device/1", app, platforms, transports, telecom, ...room } });
      return;
    }
    const device = params["device"] as string | undefined;
    if (device === undefined) return write({ id, error: { code: -32601, message: "no such method" } });
    asked.push(`${method} ${device}`);
    waiting.get(`${method} ${device}`)?.();
    if (options.leaves?.includes(method) === true) return;
    if (options.refusesLaunch === true && method === "device.launch")
      return write({ id, error: { code: -32003, message: "not today" } });
    if (options.isLazy !== true) {
      if (method === "device.launch") processes.set(device, process(device, params));
      await processes.get(device)?.hear(method, params);
      if (method === "device.terminate") processes.delete(device);
    }
    write({ id, result: {} });
  }

  interface Process {
    hear(method: string, params: Params): Promise<void>;
  }

  /** One app on one phone. */
  function process(device: string, launch: Params): Process {
    const isIos = launch["platform"] === "ios";
    const push = launch["push"] as { readonly provider: string; readonly param: string };
    let account = launch["account"] as Account | null;
    let token = tokens.get(device);
    let agent: PhoneAgent | undefined;
    let socket: SipSocket | undefined;
    let registered: Promise<unknown> = Promise.resolve();
    let isAudioOn = false;
    const calls: OpenCall[] = [];

    /** One after the other, over one socket. */
    function register(): Promise<unknown> {
      registered = registered.then(registerNow);
      return registered;
    }

    async function registerNow(): Promise<void> {
      if (account === null || token === undefined) return;
      const { aor, username, password, registrar } = account;
      agent ??= phoneAgent({
        aor,
        credentials: { username, password },
        onInvite,
        onFault: (message) => tell(device, "log", { level: "error", message }),
      });
      if (socket === undefined || socket.state() !== "open") {
        const target = { host: registrar.host, port: registrar.port };
        const wire = { target, flow: `app ${device}`, tap: () => {} };
        socket = await (registrar.transport === "tcp" ? openTcpConnection(wire) : openUdpSocket(wire));
        agent.connect(socket);
      }
      const contactParams = `;pn-provider=${push.provider};pn-param=${push.param};pn-prid=${token}`;
      await agent.register({ expiresS: 600, contactParams });
    }

    function show(call: OpenCall, handle: string, displayName: string): void {
      calls.push(call);
      if (isIos) {
        const update = { remoteHandle: { type: "generic", value: handle }, localizedCallerName: displayName };
        return say(device, "provider.reportNewIncomingCall", { uuid: call.name, update });
      }
      const added = { connectionId: call.name, handle, displayName, hasVideo: false };
      if (telecom !== "none") say(device, "telecom.addNewIncomingCall", added);
      else notify(call, ["answer", "decline"]);
    }

    function notify(call: OpenCall, actions: readonly string[]): void {
      say(device, "notification.post", {
        notificationId: `note ${call.name}`,
        style: "CallStyle",
        fullScreenIntent: true,
        actions,
      });
    }

    function onInvite(invite: IncomingCall): void {
      const known = calls.find(({ callId, isOver }) => callId === invite.callId && !isOver);
      const call = known ?? { ...newCall(crypto.randomUUID(), invite.callId) };
      call.invite = invite;
      if (known === undefined) show(call, header(invite.invite, "from") ?? "", "somebody");
      invite.ring();
      invite.listen((event) => {
        if (event.kind === "cancelled" || event.kind === "bye-received")
          over(call, event.kind === "cancelled" ? "MISSED" : "REMOTE");
      });
      connect(call);
    }

    /** Once the user answered and the INVITE is there. */
    function connect(call: OpenCall): void {
      const { invite, answer } = call;
      if (invite === undefined || answer === undefined || call.isOver) return;
      void registered.then(() => {
        invite.answer(sdpAnswer(Buffer.from(invite.invite.body).toString()));
        if (isIos) say(device, "action.fulfill", { actionId: answer });
        else if (telecom !== "none") say(device, "connection.setActive", { connectionId: call.name });
        if (!isIos) notify(call, ["hangup"]);
        if (!isIos || isAudioOn) tell(device, "media.started", { callUUID: call.name });
      });
    }

    /** The call ended at the other end. */
    function over(call: OpenCall, cause: string): void {
      if (call.isOver) return;
      if (isIos) say(device, "provider.reportCallEnded", { uuid: call.name, reason: "remoteEnded" });
      settle(call, cause);
    }

    function settle(call: OpenCall, cause: string): void {
      call.isOver = true;
      if (call.answer !== undefined) tell(device, "media.stopped", { callUUID: call.name });
      if (isIos) return;
      if (telecom !== "none") {
        say(device, "connection.setDisconnected", { connectionId: call.name, cause });
        say(device, "connection.destroy", { connectionId: call.name });
      }
      say(device, "notification.cancel", { notificationId: `note ${call.name}` });
    }

    function decline(call: OpenCall): void {
      if (call.answer === undefined) call.invite?.reject(486);
      else call.invite?.bye();
      settle(call, call.answer === undefined ? "REJECTED" : "LOCAL");
    }

    const named = (name: unknown): OpenCall | undefined =>
      calls.find((call) => call.name === name || `note ${call.name}` === name);

    return {
      async hear(method, params) {
        switch (method) {
          case "pushRegistry.didUpdatePushCredentials":
          case "messagingService.onNewToken":
            token = params["token"] as string;
            tokens.set(device, token);
            void register();
            return;
          case "pushRegistry.didReceiveIncomingPush": {
            const payload = params["payload"] as Params;
            pushed(payload);
            say(device, "pushRegistry.completion", { pushId: params["pushId"] });
            return;
          }
          case "messagingService.onMessageReceived":
            pushed((params["message"] as { readonly data: Params }).data);
            return;
          case "connection.onShowIncomingCallUi": {
            const call = named(params["connectionId"]);
            if (call !== undefined) notify(call, ["answer", "decline"]);
            say(device, "connection.setRinging", { connectionId: params["connectionId"] });
            return;
          }
          case "provider.perform": {
            const { id, type, callUUID } = params["action"] as Readonly<Record<string, string>>;
            const call = calls.find(({ name }) => name.toLowerCase() === callUUID?.toLowerCase());
            if (call === undefined) return;
            if (type === "answer") {
              call.answer = id;
              return connect(call);
            }
            decline(call);
            return say(device, "action.fulfill", { actionId: id });
          }
          case "provider.didActivateAudioSession": {
            isAudioOn = true;
            const call = calls.find(({ answer, isOver }) => answer !== undefined && !isOver);
            if (call !== undefined) tell(device, "media.started", { callUUID: call.name });
            return;
          }
          case "provider.didDeactivateAudioSession":
            isAudioOn = false;
            return;
          case "notification.action": {
            const call = named(params["notificationId"]);
            if (call === undefined) return;
            if (params["action"] !== "answer") return decline(call);
            call.answer = true;
            return connect(call);
          }
          case "connection.onAnswer": {
            const call = named(params["connectionId"]);
            if (call === undefined) return;
            call.answer = true;
            return connect(call);
          }
          case "connection.onReject":
          case "connection.onDisconnect": {
            const call = named(params["connectionId"]);
            if (call !== undefined) decline(call);
            return;
          }
          case "network.changed":
            if (params["reachable"] === true) {
              await socket?.close();
              void register();
            }
            return;
          case "account.changed":
            account = params["account"] as Account | null;
            if (account === null) await agent?.unregister();
            else void register();
            return;
          case "device.terminate":
            agent?.dispose();
            socket?.drop();
            return;
          default:
        }
      },
    };

    function pushed(payload: Params): void {
      const [uuid, callId] = [payload["callUUID"] as string, payload["callId"] as string];
      void register();
      const known = calls.find((call) => call.callId === callId);
      if (known === undefined) show(newCall(uuid, callId), String(payload["handle"]), String(payload["callerName"]));
      else if (isIos) say(device, "provider.reportNewIncomingCall", { uuid: known.name, update: {} });
    }
  }

  return {
    link: memory.link,
    die: memory.die,
    say,
    garble: memory.say,
    asked,
    whenAsked: (what) =>
      asked.includes(what) ? Promise.resolve() : new Promise((resolve) => waiting.set(what, resolve)),
  };
}

function newCall(name: string, callId: string | undefined): OpenCall {
  return { name, callId, invite: undefined, answer: undefined, isOver: false };
}
