import { messageOf } from "../../harness/errors.ts";
import { appScope } from "./app-scope.ts";
import { realSetImmediate, patchGlobals } from "./patch-globals.ts";

/** What of a process can be stopped: a socket of the app's, for one. */
export interface Stoppable {
  /** The process is gone: no farewell. */
  destroy(): void;
  /** No code of the app's runs. */
  pause(): void;
  resume(): void;
}

/**
 * The JavaScript of one launch of an app. Its code runs in a context of its own (timers, promises and sockets it makes stay in it),
 * so that it alone can be suspended, and ended as a process is ended: its timers never fire again, its sockets vanish.
 */
export interface JsRuntime {
  readonly state: "running" | "suspended" | "dead";
  /** Runs code of the app's now. */
  enter<T>(code: () => T): T;
  /** Calls into the app: in order, a turn of the event loop later, not while it is suspended, never once it is dead. */
  post(task: () => void): void;
  /** Calls out of the app into native code: in order, a turn later, unless the process is gone by then. */
  leave(task: () => void): void;
  /** Runs a callback of the app's, such as that of a timer: now, or once it is no longer suspended. */
  fire(task: () => void): void;
  /** Something that ends with the process; returns what forgets it. */
  own(it: Stoppable): () => void;
  suspend(): void;
  resume(): void;
  kill(): void;
}

/** `onCrash`: a callback of the app's threw, which ends a release build. It must not throw. */
export function jsRuntime(onCrash: (message: string) => void): JsRuntime {
  const owned = new Set<Stoppable>();
  let held: (() => void)[] = [];
  let state: JsRuntime["state"] = "running";
  const unpatch = patchGlobals();

  const runtime: JsRuntime = {
    get state() {
      return state;
    },
    enter: (code) => appScope.run(runtime, code),
    post(task) {
      appScope.run(undefined, () => realSetImmediate(() => runtime.fire(() => runtime.enter(task))));
    },
    leave(task) {
      appScope.run(undefined, () =>
        realSetImmediate(() => {
          if (state !== "dead") task();
        }),
      );
    },
    fire(task) {
      if (state === "dead") return;
      if (state === "suspended") return void held.push(task);
      try {
        task();
      } catch (error) {
        appScope.run(undefined, () => onCrash(messageOf(error)));
      }
    },
    own(it) {
      owned.add(it);
      return () => owned.delete(it);
    },
    suspend() {
      if (state !== "running") return;
      state = "suspended";
      for (const it of owned) it.pause();
    },
    resume() {
      if (state !== "suspended") return;
      state = "running";
      for (const it of owned) it.resume();
      const due = held;
      held = [];
      for (const task of due) runtime.post(task);
    },
    kill() {
      if (state === "dead") return;
      state = "dead";
      for (const it of owned) it.destroy();
      owned.clear();
      held = [];
      unpatch();
    },
  };
  return runtime;
}
