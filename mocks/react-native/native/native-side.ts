import type { Clock } from "../../../harness/clock/clock.ts";
import type { RpcError } from "../../device-link/json-rpc.ts";
import type { AppNotifications, AppRequests } from "../../device-link/messages.ts";
import type { JsRuntime } from "../js-runtime.ts";

/** What came of a request to the operating system. */
export type OsReply = { readonly kind: "result" } | { readonly kind: "error"; readonly error: RpcError };

/** What the parts of an app's native side stand on: one process on one device. */
export interface NativeSide {
  readonly clock: Clock;
  readonly runtime: JsRuntime;
  /** What the app's native code has on disk (NSUserDefaults, SharedPreferences): it outlives the process, not the device. */
  readonly storage: Map<string, unknown>;
  /** Asks the operating system, over the device link; a dead process asks nothing and hears nothing. */
  ask<M extends keyof AppRequests>(
    method: M,
    params: Omit<AppRequests[M]["params"], "device">,
    onReply?: (reply: OsReply) => void,
  ): void;
  tell<M extends Exclude<keyof AppNotifications, "device.died">>(
    method: M,
    params: Omit<AppNotifications[M]["params"], "device">,
  ): void;
  /** To JavaScript: nobody hears it where JavaScript is not loaded or does not listen. */
  emit(event: string, body: unknown): void;
  /** A line of the native log. */
  log(message: string): void;
  /** The process dies of an exception of its own. */
  crash(message: string): void;
}
