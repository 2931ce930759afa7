import type { RpcId } from "./json-rpc.ts";

/**
 * Something the other end of a link did against the contract `ringtrue.device/1`, as data. `excerpt` is the beginning of what
 * came, at most 200 characters and not made safe for a terminal.
 */
export type LinkProblem =
  /** A line or message that is no JSON (DEVICE-LINK section 1: stdout carries messages and nothing else). */
  | { readonly kind: "not-json"; readonly excerpt: string }
  /** JSON, but no message of JSON-RPC 2.0; batches are none either. */
  | { readonly kind: "not-a-message"; readonly excerpt: string; readonly why: string }
  | { readonly kind: "binary-message"; readonly bytes: number }
  /** The last line has no end. */
  | { readonly kind: "unfinished-line"; readonly excerpt: string }
  /** Skipped on stdio; over WebSocket it ends the link. */
  | { readonly kind: "too-long"; readonly limitBytes: number }
  /** Too many messages; ends the link. */
  | { readonly kind: "flood"; readonly messagesPerSecond: number }
  /** The adapter does not read what is sent to it; ends the link. */
  | { readonly kind: "not-read"; readonly unreadBytes: number }
  /** The adapter closed one of its standard streams and lives on; ends the link. */
  | { readonly kind: "stream-closed"; readonly stream: "stdin" | "stdout" }
  /** The WebSocket protocol was broken; ends the link. */
  | { readonly kind: "broken-frame"; readonly why: string }
  /** A response to a request that was never made. */
  | { readonly kind: "unknown-response"; readonly id: RpcId | null }
  /** A second response to the same request. */
  | { readonly kind: "repeated-response"; readonly id: RpcId }
  /** A response that came after its time was over. */
  | { readonly kind: "late-response"; readonly id: RpcId; readonly method: string }
  | { readonly kind: "bad-result"; readonly method: string; readonly why: string; readonly device?: string }
  | { readonly kind: "unknown-method"; readonly method: string }
  | { readonly kind: "bad-params"; readonly method: string; readonly why: string; readonly device?: string }
  /** A request sent as a notification (nothing is done), or the other way round (it is taken for what it should be). */
  | { readonly kind: "wrong-kind"; readonly method: string; readonly expected: "request" | "notification" }
  /** About a device that is not launched. */
  | { readonly kind: "device-not-launched"; readonly method: string; readonly device: string }
  /** A method of the other platform. */
  | { readonly kind: "wrong-platform"; readonly method: string; readonly device: string };

/** The problem as one sentence for people; names and excerpts stand in JSON's quotes. */
export function describeLinkProblem(problem: LinkProblem): string {
  const quoted = (text: string): string => JSON.stringify(text);
  switch (problem.kind) {
    case "not-json":
      return `It sent ${quoted(problem.excerpt)}, which is not JSON; stdout carries messages only, logs belong on stderr.`;
    case "not-a-message":
      return `It sent ${quoted(problem.excerpt)}, which is no JSON-RPC 2.0 message: ${problem.why}.`;
    case "binary-message":
      return `It sent a binary message of ${problem.bytes} bytes; a message is one JSON object as text.`;
    case "unfinished-line":
      return `Its output ended within a line: ${quoted(problem.excerpt)}.`;
    case "too-long":
      return `It sent a message of more than ${problem.limitBytes} bytes.`;
    case "flood":
      return `It sent more messages than ${problem.messagesPerSecond} per second.`;
    case "not-read":
      return `It left ${problem.unreadBytes} bytes unread.`;
    case "stream-closed":
      return `It closed its ${problem.stream} without ending.`;
    case "broken-frame":
      return `It broke the WebSocket protocol: ${problem.why}.`;
    case "unknown-response":
      return `It answered a request ${JSON.stringify(problem.id)} that was never made.`;
    case "repeated-response":
      return `It answered the request ${JSON.stringify(problem.id)} twice.`;
    case "late-response":
      return `It answered ${problem.method} (${JSON.stringify(problem.id)}) after its time was over.`;
    case "bad-result":
      return `Its result of ${problem.method} does not fit: ${problem.why}.`;
    case "unknown-method":
      return `It called ${quoted(problem.method)}, which is no method of the device link.`;
    case "bad-params":
      return `Its ${problem.method} does not fit: ${problem.why}.`;
    case "wrong-kind":
      return `It sent ${problem.method} as a ${problem.expected === "request" ? "notification" : "request"}, which is a ${problem.expected}.`;
    case "device-not-launched":
      return `It sent ${problem.method} about the device ${quoted(problem.device)}, which is not launched.`;
    case "wrong-platform":
      return `It sent ${problem.method} about the device ${quoted(problem.device)}, which is of the other platform.`;
  }
}

/** The beginning of what came, short enough for a message. */
export function excerptOf(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199)}…` : text;
}
