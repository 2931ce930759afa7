import { byteFieldsOf } from "../../harness/trace/event-shapes.ts";
import type { TraceEvent } from "../../harness/trace/trace-event.ts";
import type { Trace } from "../../harness/trace/trace.ts";

/** What a thread hands over of a case: everything but what the other side knows (facts and plan). */
export type PlayedTrace = Pick<Trace, "identities" | "events" | "end">;

/** The same as one string and one piece of memory, which cross to another thread in a fraction of the time that objects take. */
export interface PackedTrace {
  /** JSON, in which bytes are where they begin and how many they are. */
  readonly text: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

type Fields = Record<string, unknown>;
type Place = readonly [at: number, length: number];

export function packTrace({ events, end, identities }: PlayedTrace): PackedTrace {
  let length = 0;
  const parts: Uint8Array[] = [];
  const placed = events.map((event) => {
    const packed: Fields = { ...event };
    for (const field of byteFieldsOf(event.kind)) {
      const part = packed[field];
      if (!(part instanceof Uint8Array)) continue;
      parts.push(part);
      packed[field] = [length, part.length] satisfies Place;
      length += part.length;
    }
    return packed;
  });
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { text: JSON.stringify({ end, identities, events: placed }), bytes };
}

export function unpackTrace({ text, bytes }: PackedTrace): PlayedTrace {
  const trace = JSON.parse(text) as PlayedTrace;
  for (const event of trace.events as readonly (TraceEvent & Fields)[]) {
    for (const field of byteFieldsOf(event.kind)) {
      const place = event[field] as Place | undefined;
      // Just made, and nobody else's yet.
      if (place !== undefined) (event as Fields)[field] = bytes.subarray(place[0], place[0] + place[1]);
    }
  }
  return trace;
}
