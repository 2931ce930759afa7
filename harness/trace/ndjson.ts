import { isUtf8 } from "node:buffer";
import { UsageError } from "../errors.ts";
import { byteFieldsOf, eventShapes } from "./event-shapes.ts";
import type { FieldType } from "./event-shapes.ts";
import type { EventKind, TraceEvent } from "./trace-event.ts";
import type { Trace } from "./trace.ts";

const schema = "ringtrue.trace/1";

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * A trace as text, one JSON object per line: first its header (schema, scope, case, facts, plan, identities), then every event, last
 * `{"end": ...}`. Bytes stand as `{"text": ...}` where they are UTF-8, so that a person can read them, else as `{"base64": ...}`.
 */
export function encodeTrace(trace: Trace): string {
  const { events, end, ...header } = trace;
  const lines = [
    JSON.stringify(header),
    ...events.map((event) => JSON.stringify(withTextFields(event))),
    JSON.stringify({ end }),
  ];
  return `${lines.join("\n")}\n`;
}

/**
 * Reads what `encodeTrace` wrote. `name` is the file's, for messages.
 * @throws UsageError when the text is cut off, has another schema, a gap in `seq` or a line that is no event; it names file and line.
 */
export function decodeTrace(text: string, name: string): Trace {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const header = objectAt(lines, 0, name);
  if (header["schema"] !== schema) {
    const found = typeof header["schema"] === "string" ? `schema ${header["schema"]}` : "no schema";
    throw unreadable(
      name,
      1,
      "trace-schema",
      `it has ${found}, this version reads ${schema}; judge it with the version that wrote it`,
    );
  }
  if ((header["scope"] !== "case" && header["scope"] !== "run") || !isObject(header["facts"])) {
    throw unreadable(
      name,
      1,
      "trace-line",
      "the header has no scope or no facts; play the case again to get a whole trace",
    );
  }
  const last = objectAt(lines, lines.length - 1, name);
  if (lines.length < 2 || !isObject(last["end"])) {
    throw unreadable(
      name,
      lines.length,
      "trace-truncated",
      "the last line is no end: the trace was cut off; copy the whole file or play it again",
    );
  }
  const events = lines.slice(1, -1).map((_, index) => eventAt(lines, index + 1, name));
  return { ...header, events, end: last["end"] } as unknown as Trace;
}

function eventAt(lines: readonly string[], index: number, name: string): TraceEvent {
  const line = objectAt(lines, index, name);
  if (line["seq"] !== index - 1) {
    const found = JSON.stringify(line["seq"]) ?? "none";
    throw unreadable(
      name,
      index + 1,
      "trace-gap",
      `seq ${index - 1} was due and ${found} found: lines are missing or in another order`,
    );
  }
  const event = withByteFields(line);
  const wrong = wrongField(event);
  if (wrong !== undefined)
    throw unreadable(name, index + 1, "trace-line", `${wrong}; the line was changed or another version wrote it`);
  return event as unknown as TraceEvent;
}

const envelope: Readonly<Record<string, FieldType>> = {
  seq: "number",
  atMs: "number",
  lagMs: "number",
  from: "string",
  to: "string",
  by: "string",
};

function wrongField(event: JsonObject): string | undefined {
  const kind = event["kind"];
  if (!isEventKind(kind)) return `there is no event kind ${JSON.stringify(kind) ?? ""}`;
  const shape: Readonly<Record<string, FieldType>> = { ...envelope, ...eventShapes[kind] };
  const field = Object.keys(shape).find((key) => !hasType(event[key], shape[key] ?? "any"));
  return field === undefined ? undefined : `${field} of the ${kind} event is missing or of the wrong type`;
}

function hasType(value: unknown, type: FieldType): boolean {
  if (type === "bytes") return value instanceof Uint8Array;
  if (type === "list") return Array.isArray(value);
  return type === "any" ? value !== undefined : typeof value === type;
}

function isEventKind(kind: unknown): kind is EventKind {
  return typeof kind === "string" && Object.hasOwn(eventShapes, kind);
}

function withTextFields(event: TraceEvent): JsonObject {
  const line: Record<string, unknown> = { ...event };
  for (const field of byteFieldsOf(event.kind)) {
    const bytes = line[field];
    if (bytes instanceof Uint8Array) line[field] = textOf(bytes);
  }
  return line;
}

function textOf(bytes: Uint8Array): JsonObject {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? { text: buffer.toString("utf8") } : { base64: buffer.toString("base64") };
}

function withByteFields(line: JsonObject): JsonObject {
  if (!isEventKind(line["kind"])) return line;
  const event: Record<string, unknown> = { ...line };
  for (const field of byteFieldsOf(line["kind"])) {
    const stored = event[field];
    if (!isObject(stored)) continue;
    if (typeof stored["text"] === "string") event[field] = Uint8Array.from(Buffer.from(stored["text"], "utf8"));
    else if (typeof stored["base64"] === "string")
      event[field] = Uint8Array.from(Buffer.from(stored["base64"], "base64"));
  }
  return event;
}

function objectAt(lines: readonly string[], index: number, name: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(lines[index] ?? "");
  } catch (error) {
    const isLast = index === lines.length - 1;
    const why = isLast
      ? "the line is cut off; copy the whole file or play the case again"
      : "the line is no JSON; the file was changed";
    throw unreadable(name, index + 1, isLast ? "trace-truncated" : "trace-line", why, error);
  }
  if (!isObject(value))
    throw unreadable(name, index + 1, "trace-line", "the line is no JSON object; is this a RingTrue trace?");
  return value;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unreadable(name: string, line: number, code: string, why: string, cause?: unknown): UsageError {
  return new UsageError(code, `${name}:${line}: ${why}`, { cause });
}
