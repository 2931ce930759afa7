import type { NativeModule } from "../native-host.ts";
import type EventEmitter from "./event-emitter.ts";
import type { EmitterSubscription } from "./event-emitter.ts";

/** What React Native's `NativeEventEmitter` tells the module it was made for. */
interface ObservedModule {
  readonly addListener?: (event: string) => void;
  readonly removeListeners?: (count: number) => void;
}

/** As React Native's class of that name. */
export interface NativeEvents {
  addListener(event: string, listener: (...args: unknown[]) => unknown, context?: unknown): EmitterSubscription;
  emit(event: string, ...args: unknown[]): void;
  removeAllListeners(event: string): void;
  listenerCount(event: string): number;
}

/** Every native event comes through the one emitter of the module graph; the module hears how many listeners there are. */
export function nativeEventEmitterOn(
  device: EventEmitter,
  isIos: boolean,
): new (module?: NativeModule | null) => NativeEvents {
  return class implements NativeEvents {
    readonly #module: ObservedModule | undefined;

    constructor(module?: NativeModule | null) {
      // React Native's own invariant.
      if (isIos && (module === undefined || module === null))
        throw new TypeError("`new NativeEventEmitter()` requires a non-null argument.");
      this.#module = module ?? undefined;
    }

    addListener(event: string, listener: (...args: unknown[]) => unknown, context?: unknown): EmitterSubscription {
      this.#module?.addListener?.(event);
      const subscription = device.addListener(event, listener, context);
      let isRemoved = false;
      return {
        remove: () => {
          if (isRemoved) return;
          isRemoved = true;
          this.#module?.removeListeners?.(1);
          subscription.remove();
        },
      };
    }

    emit(event: string, ...args: unknown[]): void {
      device.emit(event, ...args);
    }

    removeAllListeners(event: string): void {
      this.#module?.removeListeners?.(device.listenerCount(event));
      device.removeAllListeners(event);
    }

    listenerCount(event: string): number {
      return device.listenerCount(event);
    }
  };
}
