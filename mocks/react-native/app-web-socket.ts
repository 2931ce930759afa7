import { WebSocket as NodeWebSocket } from "ws";
import { appScope } from "./app-scope.ts";

/**
 * The WebSocket an app has as a global (React Native, "Networking"): it is read while the app runs, and gone with its process, of
 * which the other side hears nothing but the end of the connection. Code outside an app gets the `outside` one.
 */
export function appWebSocket(outside: typeof WebSocket | undefined): unknown {
  class AppWebSocket extends NodeWebSocket {
    readonly #runtime = appScope.getStore();

    constructor(address: string | URL, protocols?: string | string[]) {
      super(address, protocols);
      const disown = this.#runtime?.own({
        destroy: () => this.terminate(),
        pause: () => this.pause(),
        resume: () => this.resume(),
      });
      if (this.#runtime?.state === "dead") this.terminate();
      // An app need not listen: the close event follows.
      this.on("error", () => {});
      this.on("close", () => disown?.());
    }

    override emit(event: string | symbol, ...args: unknown[]): boolean {
      const runtime = this.#runtime;
      if (runtime === undefined) return super.emit(event, ...args);
      runtime.fire(() => runtime.enter(() => super.emit(event, ...args)));
      return true;
    }
  }

  return new Proxy(AppWebSocket, {
    construct: (target, args) =>
      Reflect.construct(appScope.getStore() === undefined ? (outside ?? target) : target, args) as object,
  });
}
