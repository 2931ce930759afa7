import type { HttpRequest } from "../http/http-exchange.ts";
import type { PushOutcome, ReceivedPush } from "./push-hooks.ts";

/** A push whose answer was decided and is not known to be out. */
export interface PendingPush {
  readonly request: HttpRequest;
  readonly push: ReceivedPush;
  /** What becomes of it once its answer is out. */
  readonly outcome: PushOutcome;
}

/** The pushes whose answers were decided, until they are handed over. */
export interface PendingPushes {
  add(pending: PendingPush): void;
  /** Gives the push of a request, once. */
  take(request: HttpRequest): PendingPush | undefined;
}

export function pendingPushes(): PendingPushes {
  /** Nearly every answer is handed over before another one is decided, and never gets among the others. */
  let newest: PendingPush | undefined;
  const others = new Map<HttpRequest, PendingPush>();
  return {
    add(pending) {
      if (newest !== undefined) others.set(newest.request, newest);
      newest = pending;
    },
    take(request) {
      const found = newest?.request === request ? newest : others.get(request);
      if (found === newest) newest = undefined;
      else others.delete(request);
      return found;
    },
  };
}
