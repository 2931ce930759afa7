import { appScope } from "./app-scope.ts";
import { appWebSocket } from "./app-web-socket.ts";

export const realSetImmediate = globalThis.setImmediate;

type Timer = (callback: (...args: unknown[]) => void, ...rest: unknown[]) => unknown;

const PATCHED = Symbol.for("ringtrue.react-native.patched");
const reactNavigator = { product: "ReactNative" };
const NAMES = ["setTimeout", "setInterval", "setImmediate"] as const;

/** What stood in the globals before, and for how many apps they are replaced. */
interface Patched {
  readonly before: Readonly<Record<string, unknown>>;
  apps: number;
}

/**
 * Replaces what makes an app's process live on after its death: timers and WebSocket. For code outside an app they do what they
 * did before. Returns what takes the app off again; with the last one the globals are as they were.
 */
export function patchGlobals(): () => void {
  const globals = globalThis as unknown as Record<string | symbol, unknown>;
  const patched = (globals[PATCHED] ??= replace(globals)) as Patched;
  patched.apps += 1;
  let isOff = false;
  return () => {
    if (isOff) return;
    isOff = true;
    patched.apps -= 1;
    if (patched.apps > 0) return;
    for (const [name, value] of Object.entries(patched.before)) {
      if (value === undefined) delete globals[name];
      else globals[name] = value;
    }
    delete globals[PATCHED];
  };
}

function replace(globals: Record<string | symbol, unknown>): Patched {
  const before: Record<string, unknown> = {};
  // React Native's own globals, which Node has not, or not in every version.
  for (const [name, value] of Object.entries({ window: globalThis, self: globalThis, navigator: reactNavigator })) {
    if (globals[name] !== undefined) continue;
    before[name] = undefined;
    globals[name] = value;
  }
  before["WebSocket"] = globals["WebSocket"];
  for (const name of NAMES) {
    const original = globals[name] as Timer;
    before[name] = original;
    globals[name] = ownTimer(original, name === "setInterval");
  }
  globals["WebSocket"] = appWebSocket(globals["WebSocket"] as typeof WebSocket | undefined);
  return { before, apps: 0 };
}

/** A timer that ends with the process of the app that set it, and waits as long as it is suspended. */
function ownTimer(original: Timer, repeats: boolean): Timer {
  const timer: Timer = (callback, ...rest) => {
    const runtime = appScope.getStore();
    if (runtime === undefined || typeof callback !== "function") return original(callback, ...rest);
    const handle = original(
      (...args) => {
        if (!repeats) disown();
        runtime.fire(() => callback(...args));
      },
      ...rest,
    );
    // One handle fits each of the three.
    const destroy = (): void => {
      clearTimeout(handle as NodeJS.Timeout);
      clearImmediate(handle as NodeJS.Immediate);
    };
    const disown = runtime.own({ destroy, pause: () => {}, resume: () => {} });
    if (runtime.state === "dead") destroy();
    return handle;
  };
  // `util.promisify` looks for a member of the original.
  return Object.defineProperties<Timer>(timer, Object.getOwnPropertyDescriptors(original));
}
