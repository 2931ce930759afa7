import type { Platform } from "../../harness/trace/trace-event.ts";
import { askApp, type AppReply } from "./ask-app.ts";
import { rpcCodes, type RpcError } from "./json-rpc.ts";
import type { OpenRequest, RpcPeer } from "./json-rpc-peer.ts";
import type { LinkProblem } from "./link-problem.ts";
import type { AppNotification, AppRequest, DeviceMethod, HarnessRequests } from "./messages.ts";

/** What plays the operating system of one device. No method may throw. */
export interface DeviceSystem {
  /**
   * Answers a request of the app's at once; what it asks the app meanwhile goes out after the answer. Every request has a
   * device that is launched and a method of its platform.
   */
  answer(request: AppRequest): AppAnswer;
  notified(notification: AppNotification): void;
  /** The simulated app crashed. Its open requests were settled with -32001 before; it can be launched again. */
  died(message: string): void;
}

export type AppAnswer = { readonly result: Readonly<Record<string, never>> } | { readonly error: RpcError };

/** The link as one simulated device has it. */
export interface DeviceLine {
  readonly device: string;
  readonly platform: Platform;
  /** From the sending of `device.launch` until `device.terminate` was answered, the app died or the launch was refused. */
  isLaunched(): boolean;
  /**
   * Asks the app. Requests go out in the order they are made. `onReply` is called in the order in which things come over the
   * link, the promise settles a moment later; neither fails.
   */
  request<M extends DeviceMethod>(method: M, params: DeviceParams<M>, options?: AskOptions<M>): Promise<AppReply<M>>;
  /** Terminates the app where it is launched, forgets the device and makes room for the next. */
  release(): Promise<void>;
}

export interface AskOptions<M extends DeviceMethod> {
  /** @default `requestMs` of `openAdapter` */
  readonly timeoutMs?: number;
  /** Must not throw. */
  readonly onReply?: (reply: AppReply<M>) => void;
}

export type DeviceParams<M extends DeviceMethod> = Omit<HarnessRequests[M]["params"], "device">;

/** The side of a device line that the link's own messages move. */
export interface LineControl {
  readonly platform: Platform;
  readonly system: DeviceSystem;
  isLaunched(): boolean;
  die(message: string): void;
}

export interface DeviceLineOptions {
  readonly peer: RpcPeer;
  readonly device: string;
  readonly platform: Platform;
  readonly system: DeviceSystem;
  readonly requestMs: number;
  readonly onProblem: (problem: LinkProblem) => void;
  readonly onRelease: () => void;
}

export function deviceLine(options: DeviceLineOptions): { readonly line: DeviceLine; readonly control: LineControl } {
  const { peer, device, platform, system, requestMs, onProblem, onRelease } = options;
  const open = new Map<symbol, OpenRequest | undefined>();
  let isLaunched = false;
  let releasing: Promise<void> | undefined;

  const request: DeviceLine["request"] = async <M extends DeviceMethod>(
    method: M,
    params: DeviceParams<M>,
    { timeoutMs = requestMs, onReply = () => {} }: AskOptions<M> = {},
  ) => {
    const wasLaunched = isLaunched;
    if (method === "device.launch") isLaunched = true;
    return await new Promise<AppReply<M>>((resolve) => {
      // `device` was left out of the params and nothing else was.
      const whole = { ...params, device } as unknown as HarnessRequests[M]["params"];
      const key = Symbol(method);
      open.set(key, undefined);
      const one = askApp(peer, method, whole, timeoutMs, onProblem, (reply) => {
        open.delete(key);
        if (method === "device.terminate") isLaunched = false;
        if (method === "device.launch" && reply.kind !== "result") isLaunched = wasLaunched;
        onReply(reply);
        resolve(reply);
      });
      // A link within this process may have brought the reply already.
      if (open.has(key)) open.set(key, one);
    });
  };
  const withdrawAll = (reply: AppReply<never> & { readonly kind: "error" | "lost" }): void => {
    for (const one of open.values()) one?.withdraw(reply);
  };
  const release = async (): Promise<void> => {
    if (isLaunched) await request("device.terminate", { reason: "the device is no longer needed" });
    withdrawAll({ kind: "lost", why: "The device was released." });
    onRelease();
  };
  return {
    line: {
      device,
      platform,
      isLaunched: () => isLaunched,
      request,
      async release() {
        releasing ??= release();
        await releasing;
      },
    },
    control: {
      platform,
      system,
      isLaunched: () => isLaunched,
      die(message) {
        withdrawAll({
          kind: "error",
          error: { code: rpcCodes.deviceNotLaunched, message: "The simulated app crashed." },
        });
        isLaunched = false;
        system.died(message);
      },
    },
  };
}
