type Listener = (...args: unknown[]) => unknown;

/** What `addListener` gives. */
export interface EmitterSubscription {
  remove(): void;
}

/** React Native's `Libraries/vendor/emitter/EventEmitter`, which libraries import by that path. */
export default class EventEmitter {
  readonly #listeners = new Map<string, Set<{ readonly listener: Listener; readonly context: unknown }>>();

  addListener(event: string, listener: Listener, context?: unknown): EmitterSubscription {
    const all = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, all);
    const entry = { listener, context };
    all.add(entry);
    return { remove: () => void all.delete(entry) };
  }

  emit(event: string, ...args: unknown[]): void {
    for (const { listener, context } of this.#listeners.get(event) ?? []) listener.apply(context, args);
  }

  removeAllListeners(event?: string): void {
    if (event === undefined) this.#listeners.clear();
    else this.#listeners.delete(event);
  }

  listenerCount(event: string): number {
    return this.#listeners.get(event)?.size ?? 0;
  }
}
