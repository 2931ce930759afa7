import { isUtf8 } from "node:buffer";
import type { TraceEvent } from "../../harness/trace/trace-event.ts";
import { visibleText } from "../text/visible-text.ts";

/** The bytes of a message or push as text to read, with what acts on a reader spelled out; undefined for events without any. */
export function eventDetail(event: TraceEvent): string | undefined {
  switch (event.kind) {
    case "sip":
    case "flow.garbage":
      return textOf(event.bytes);
    case "push.request":
      return [
        visibleText(`${event.method} ${event.path}`),
        ...event.headers.map(([name, value]) => visibleText(`${name}: ${value}`)),
        "",
        bodyText(event.body),
      ].join("\n");
    case "push.delivered":
      return visibleText(JSON.stringify(event.payload, undefined, 2) ?? "");
    case "link.request":
    case "link.notification":
      return visibleText(JSON.stringify(event.params, undefined, 2) ?? "");
    default:
      return undefined;
  }
}

/** JSON is laid out; anything else stands as it came. */
function bodyText(body: Uint8Array): string {
  const text = Buffer.from(body).toString("utf8");
  try {
    return visibleText(JSON.stringify(JSON.parse(text), undefined, 2));
  } catch {
    return textOf(body);
  }
}

function textOf(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return isUtf8(buffer) ? visibleText(buffer.toString("utf8")) : hexDump(buffer);
}

/** 16 bytes to a line, with their ASCII characters. */
function hexDump(bytes: Buffer): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16);
    const hex = [...row].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const ascii = row.toString("latin1").replaceAll(/[^\u0020-\u007e]/gu, ".");
    lines.push(`${at.toString(16).padStart(4, "0")}  ${hex.padEnd(47)}  ${ascii}`);
  }
  return lines.join("\n");
}
