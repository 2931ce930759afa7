import { oncePerPart } from "../once-per.ts";
import { eventsOf } from "../trace/query.ts";
import type { EventOf, PhoneRef } from "../trace/trace-event.ts";
import type { Trace } from "../trace/trace.ts";

/** A request over the device link about one phone, and its reply. */
export interface LinkRequest {
  readonly method: string;
  readonly by: "target" | "world";
  readonly event: EventOf<"link.request">;
  readonly reply: EventOf<"link.reply"> | undefined;
  /** No reply came, or none will. */
  readonly unanswered: EventOf<"link.unanswered"> | undefined;
}

/** The requests about one phone in either direction, in order. Ids are per direction. */
export const linkRequests = oncePerPart((trace: Trace, phone: PhoneRef): readonly LinkRequest[] => {
  const replies = eventsOf(trace, "link.reply");
  const unanswered = eventsOf(trace, "link.unanswered");
  return eventsOf(trace, "link.request")
    .filter((event) => event.phone === phone)
    .map((event) => ({
      method: event.method,
      by: event.by,
      event,
      reply: replies.find(({ request, seq, from }) => request === event.id && seq > event.seq && from === event.to),
      unanswered: unanswered.find(({ request, seq }) => request === event.id && seq > event.seq),
    }));
});

/** A member of the params of a message, by its path; undefined where there is none. */
export function paramOf(event: { readonly params: unknown }, ...path: readonly string[]): unknown {
  let value = event.params;
  for (const name of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return value;
}

/** The same where it is a string. */
export function textParam(event: { readonly params: unknown }, ...path: readonly string[]): string | undefined {
  const value = paramOf(event, ...path);
  return typeof value === "string" ? value : undefined;
}
