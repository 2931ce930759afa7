import { AsyncLocalStorage } from "node:async_hooks";
import type { JsRuntime } from "./js-runtime.ts";

const SCOPE = Symbol.for("ringtrue.react-native.scope");

/** Whose code runs; undefined: nobody's app. One for every copy of this module, as a fresh module graph per launch makes copies. */
export const appScope: AsyncLocalStorage<JsRuntime | undefined> = ((globalThis as Record<symbol, unknown>)[SCOPE] ??=
  new AsyncLocalStorage()) as AsyncLocalStorage<JsRuntime | undefined>;
