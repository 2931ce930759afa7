import { lifeOf, runsFrom, stateAt } from "../../harness/judge/client-view-life.ts";
import { linkRequests, paramOf } from "../../harness/judge/client-view-link.ts";
import type { ClientPhone } from "../../harness/judge/client-view.ts";
import type { Verdict } from "../../harness/judge/requirement.ts";
import { eventsOf } from "../../harness/trace/query.ts";
import { oncePerPart } from "../../harness/once-per.ts";
import type { PhoneRef, TraceEvent } from "../../harness/trace/trace-event.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import { judgeDemand, notExercised, type Demand } from "./verdicts.ts";

/** Something an app has to do at once, or (`limitMs`) within another time. */
export interface Reaction extends Omit<Demand, "limitMs" | "excuses"> {
  /** Default: `deadlines.appReactsMs`. */
  readonly limitMs?: number;
  /** Besides what keeps any app from reacting. */
  readonly excuses?: Demand["excuses"];
  /**
   * What the app takes up again: the INVITE that it answers, say. A process that has ended since knows nothing of it, and over a flow
   * that we have closed nobody hears of it.
   */
  readonly takesUp?: TraceEvent | undefined;
  /** The reaction needs the network. Default: true. */
  readonly overNetwork?: boolean;
}

/**
 * Judges what an app owes in answer to an event. An app that does not run owes it from when it runs again; one that stops, or loses its
 * network or its account meanwhile, owes nothing.
 */
export function judgeReaction(trace: Trace, phone: ClientPhone, reaction: Reaction): Verdict {
  const {
    limitMs = trace.facts.deadlines.appReactsMs,
    excuses = [],
    overNetwork = true,
    takesUp,
    ...demand
  } = reaction;
  const from = runsFrom(phone.life, demand.from);
  if (from === undefined || (takesUp !== undefined && isLost(trace, phone, takesUp, from))) return notExercised;
  if (overNetwork && (isOffline(trace, phone, from) || !hasAccount(trace, phone, from))) return notExercised;
  const later = (events: readonly (TraceEvent | undefined)[]) =>
    events.filter((event) => event !== undefined && event.seq > from.seq);
  return judgeDemand(trace, {
    ...demand,
    from,
    limitMs,
    excuses: later([...excuses, ...stopsOf(trace, phone.ref), ...(overNetwork ? lossesOf(trace, phone.ref) : [])]),
  });
}

/** The process that had it ended before that event, or the flow it came over was closed by us or leads nowhere any more. */
export function isLost(trace: Trace, phone: ClientPhone, had: TraceEvent, event: TraceEvent): boolean {
  const isBetween = ({ seq }: TraceEvent) => seq > had.seq && seq <= event.seq;
  // Nobody reads what comes for a process that is not there.
  const isUnread = "flow" in had && stateAt(phone.life, had) === "not-running";
  const ended = phone.life.some(({ state, event: change }) => state === "not-running" && isBetween(change));
  const flow = "flow" in had ? had.flow : undefined;
  return (
    isUnread ||
    ended ||
    [...eventsOf(trace, "flow.closed"), ...eventsOf(trace, "flow.silenced")].some(
      (gone) => gone.by === "world" && gone.flow === flow && isBetween(gone),
    )
  );
}

/** The app runs, has its network and somebody logged in. */
export function canReact(trace: Trace, phone: ClientPhone, event: TraceEvent): boolean {
  return stateAt(phone.life, event) === "running" && !isOffline(trace, phone, event) && hasAccount(trace, phone, event);
}

/** The app was told that there is no network, and not yet that there is one. */
export function isOffline(trace: Trace, phone: ClientPhone, event: TraceEvent): boolean {
  const newest = linkRequests(trace, phone.ref).findLast(
    ({ method, event: told }) => method === "network.changed" && told.seq <= event.seq,
  );
  return newest !== undefined && paramOf(newest.event, "reachable") === false;
}

/** Somebody is logged in, as far as the app was told. */
export function hasAccount(trace: Trace, phone: ClientPhone, event: TraceEvent): boolean {
  const newest = linkRequests(trace, phone.ref).findLast(
    ({ method, event: told }) => (method === "account.changed" || method === "device.launch") && told.seq <= event.seq,
  );
  return newest === undefined || paramOf(newest.event, "account") !== null;
}

const stopsOf = oncePerPart((trace: Trace, phone: PhoneRef): readonly TraceEvent[] => [
  ...lifeOf(trace, phone)
    .filter(({ state }) => state !== "running")
    .map(({ event }) => event),
  ...eventsOf(trace, "target.exited"),
]);

/** The network goes, or the account does. A socket that falls silent, or that we close, is a network that goes without a word. */
const lossesOf = oncePerPart((trace: Trace, phone: PhoneRef): readonly TraceEvent[] => {
  const told = linkRequests(trace, phone)
    .filter(
      ({ method, event }) =>
        (method === "network.changed" && paramOf(event, "reachable") === false) ||
        (method === "account.changed" && paramOf(event, "account") === null),
    )
    .map(({ event }) => event);
  const flows = [
    ...eventsOf(trace, "flow.silenced"),
    ...eventsOf(trace, "flow.closed").filter(({ by }) => by === "world"),
  ].filter((event) => event.phone === phone);
  return [...told, ...flows];
});
