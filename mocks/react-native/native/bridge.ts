import type { JsRuntime } from "../js-runtime.ts";
import type { NativeModule } from "../native-host.ts";

/** How a native method is written here: arguments as they came over the bridge, and a result or a promise of one. */
export type NativeMethods = Readonly<Record<string, (...args: never[]) => unknown>>;

export interface BridgedModule {
  /** Methods JavaScript gets nothing from. */
  readonly calls?: NativeMethods;
  /** Methods JavaScript gets a promise from. */
  readonly asks?: NativeMethods;
  /** Members that are plain values. */
  readonly constants?: Readonly<Record<string, unknown>>;
}

/** What crosses the bridge is copied: neither side ever sees the other's later changes. Functions and undefined do not cross. */
export function bridged<T>(value: T): T {
  return value === undefined ? value : (JSON.parse(JSON.stringify(value) ?? "null") as T);
}

/** What native code rejects a promise with, as JavaScript gets it. */
export function nativeRejection(code: string, message: string): Error {
  return Object.assign(new TypeError(message), { code });
}

/**
 * A native module behind React Native's bridge: calls cross it in the order they are made, once the app's turn of the event loop is
 * over, and so do results. A process that is gone never answers.
 */
export function bridgedModule(
  runtime: JsRuntime,
  { calls = {}, asks = {}, constants = {} }: BridgedModule,
): NativeModule {
  const call = (method: NativeMethods[string], args: readonly unknown[]) =>
    (method as (...args: readonly unknown[]) => unknown)(...bridged(args));
  const module: Record<string, unknown> = { ...constants };
  for (const [name, method] of Object.entries(calls))
    module[name] = (...args: readonly unknown[]): void => runtime.leave(() => void call(method, args));
  for (const [name, method] of Object.entries(asks))
    module[name] = async (...args: readonly unknown[]): Promise<unknown> =>
      await new Promise((resolve, reject) => {
        runtime.leave(() => {
          void Promise.resolve()
            .then(() => call(method, args))
            .then(
              (result) => runtime.post(() => resolve(bridged(result ?? null))),
              (error: unknown) => runtime.post(() => reject(error)),
            );
        });
      });
  return module;
}
