import type { NativeSide } from "./native-side.ts";

/**
 * `RCTEventEmitter` (React Native): a module hears when the first listener comes and when the last one goes, and its events reach
 * JavaScript only in between.
 */
export interface Observed {
  /** The two methods every such module shows to JavaScript. */
  readonly calls: { readonly addListener: (event: string) => void; readonly removeListeners: (count: number) => void };
  send(event: string, body: unknown): void;
  /** KVC on its counter, as one package does. */
  forget(): void;
}

export function observed(
  native: NativeSide,
  {
    startObserving,
    stopObserving = () => {},
  }: { readonly startObserving: () => void; readonly stopObserving?: () => void },
): Observed {
  let listeners = 0;
  return {
    calls: {
      addListener() {
        listeners += 1;
        if (listeners === 1) startObserving();
      },
      removeListeners(count) {
        listeners = Math.max(listeners - count, 0);
        if (listeners === 0) stopObserving();
      },
    },
    send(event, body) {
      if (listeners > 0) native.emit(event, body);
      else native.log(`Sending ${event} with no listeners registered.`);
    },
    forget() {
      listeners = 0;
    },
  };
}
