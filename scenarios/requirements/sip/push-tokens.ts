import { linkRequests, textParam } from "../../../harness/judge/client-view-link.ts";
import type { ClientPhone } from "../../../harness/judge/client-view.ts";
import { before } from "../../../harness/trace/query.ts";
import type { EventOf, TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";

/** A token as the app was told it. */
export interface HandedToken {
  readonly token: string;
  readonly event: EventOf<"link.request">;
  /** The app has taken it: its callback returned. */
  readonly taken: EventOf<"link.reply"> | undefined;
  /** It differs from the one before. */
  readonly isNew: boolean;
}

/** The tokens a phone told its app, in order; again after each launch on iOS (DEVICE-LINK section 2). */
export function handedTokens(trace: Trace, phone: ClientPhone): readonly HandedToken[] {
  let previous: string | undefined;
  return linkRequests(trace, phone.ref).flatMap(({ method, by, event, reply }) => {
    if (by !== "world" || !tokenMethods.includes(method)) return [];
    const token = textParam(event, "token");
    if (token === undefined) return [];
    const isNew = token !== previous;
    previous = token;
    return [{ token, event, taken: reply, isNew }];
  });
}

/** What an app knows of its token at some moment. */
export interface KnownTokens {
  /** Any of them would be right: the newest, and those that were the newest a moment ago, or as far as the app has got. */
  readonly right: readonly string[];
  /** From here on the app knew one. */
  readonly since: TraceEvent;
}

/** Undefined where it knows none: an iPhone's app is told again in each process, an Android app remembers. */
export function tokensKnownAt(
  trace: Trace,
  phone: ClientPhone,
  event: TraceEvent,
  graceMs: number,
): KnownTokens | undefined {
  const launch =
    phone.platform === "ios"
      ? linkRequests(trace, phone.ref).findLast(
          ({ method, event: told }) => method === "device.launch" && told.seq < event.seq,
        )?.event
      : undefined;
  const handed = handedTokens(trace, phone).filter(
    ({ event: told }) => told.seq < event.seq && (launch === undefined || told.seq > launch.seq),
  );
  // What the app was told in the same instant it may not have known.
  const isTaken = ({ taken }: HandedToken) => taken !== undefined && before(taken, event, trace) === "yes";
  const since = handed.find(isTaken)?.taken;
  const gone = voidedAt(trace, phone, event);
  const newest = handed.at(-1);
  if (since === undefined || newest === undefined || (gone !== undefined && gone.seq > newest.event.seq))
    return undefined;
  const earlier = handed.filter((_, index) => {
    const next = handed[index + 1];
    return next !== undefined && (!isTaken(next) || event.atMs - next.event.atMs < graceMs);
  });
  return { right: [newest, ...earlier].map(({ token }) => token), since };
}

/** When the app was last told that its token is void, before that event. */
export function voidedAt(trace: Trace, phone: ClientPhone, event: TraceEvent): TraceEvent | undefined {
  return linkRequests(trace, phone.ref).findLast(
    ({ method, event: told }) => method === "pushRegistry.didInvalidatePushToken" && told.seq < event.seq,
  )?.event;
}

const tokenMethods: readonly string[] = ["pushRegistry.didUpdatePushCredentials", "messagingService.onNewToken"];
