import type { HeadlessTaskProvider } from "../native-host.ts";
import { bridged } from "./bridge.ts";
import type { NativeSide } from "./native-side.ts";

export interface HeadlessTasks {
  /** JavaScript is loaded: what waited for it runs. */
  loaded(): void;
  /** Runs a task once JavaScript is loaded; `finished` is called when it settles or has had its time, whichever comes first. */
  start(key: string, data: unknown, finished: () => void): void;
}

/** React Native's `HeadlessJsTaskService` and `AppRegistry.startHeadlessTask`. */
export function headlessTasks(
  native: NativeSide,
  providers: ReadonlyMap<string, HeadlessTaskProvider>,
  timeoutMs: number,
): HeadlessTasks {
  let waiting: (() => void)[] | undefined = [];

  function run(key: string, data: unknown, finished: () => void): void {
    let isOver = false;
    const finish = (): void => {
      if (isOver) return;
      isOver = true;
      stop();
      native.runtime.leave(finished);
    };
    const stop = native.clock.after(timeoutMs, () => {
      native.log(`The headless task ${key} has had its ${timeoutMs} ms.`);
      finish();
    });
    native.runtime.post(() => {
      const provider = providers.get(key);
      if (provider === undefined) {
        native.log(`No task registered for key ${key}`);
        return finish();
      }
      provider()(bridged(data)).then(finish, (error: unknown) => {
        native.log(`The headless task ${key} failed: ${String(error)}`);
        finish();
      });
    });
  }

  return {
    loaded() {
      const due = waiting ?? [];
      waiting = undefined;
      for (const task of due) task();
    },
    start(key, data, finished) {
      const task = (): void => run(key, data, finished);
      if (waiting === undefined) task();
      else waiting.push(task);
    },
  };
}
