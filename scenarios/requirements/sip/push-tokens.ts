import { linkRequests, textParam } from "../../../harness/judge/client-view-link.ts";
import type { ClientPhone } from "../../../harness/judge/client-view.ts";
import type { EventOf, TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";

/** A token as the app was told it. */
export interface HandedToken {
  readonly token: string;
  readonly event: EventOf<"link.request">;
  /** It differs from the one before. */
  readonly isNew: boolean;
}

/** The tokens a phone told its app, in order; again after each launch on iOS (DEVICE-LINK section 2). */
export function handedTokens(trace: Trace, phone: ClientPhone): readonly HandedToken[] {
  let previous: string | undefined;
  return linkRequests(trace, phone.ref).flatMap(({ method, by, event }) => {
    if (by !== "world" || !tokenMethods.includes(method)) return [];
    const token = textParam(event, "token");
    if (token === undefined) return [];
    const isNew = token !== previous;
    previous = token;
    return [{ token, event, isNew }];
  });
}

/**
 * The tokens that would be right in a REGISTER: the newest the running app knows, and one that was the newest less than so long before.
 * None where it knows none: an iPhone's app is told again in each process, an Android app remembers.
 */
export function tokensKnownAt(trace: Trace, phone: ClientPhone, event: TraceEvent, graceMs: number): readonly string[] {
  const launch =
    phone.platform === "ios"
      ? linkRequests(trace, phone.ref).findLast(
          ({ method, event: told }) => method === "device.launch" && told.seq < event.seq,
        )?.event
      : undefined;
  const handed = handedTokens(trace, phone).filter(
    ({ event: told }) => told.seq < event.seq && (launch === undefined || told.seq > launch.seq),
  );
  const gone = voidedAt(trace, phone, event);
  const newest = handed.at(-1);
  if (newest === undefined || (gone !== undefined && gone.seq > newest.event.seq)) return [];
  const justBefore = handed.filter((_, index) => {
    const next = handed[index + 1];
    return next !== undefined && event.atMs - next.event.atMs < graceMs;
  });
  return [newest, ...justBefore].map(({ token }) => token);
}

/** When the app was last told that its token is void, before that event. */
export function voidedAt(trace: Trace, phone: ClientPhone, event: TraceEvent): TraceEvent | undefined {
  return linkRequests(trace, phone.ref).findLast(
    ({ method, event: told }) => method === "pushRegistry.didInvalidatePushToken" && told.seq < event.seq,
  )?.event;
}

const tokenMethods: readonly string[] = ["pushRegistry.didUpdatePushCredentials", "messagingService.onNewToken"];
