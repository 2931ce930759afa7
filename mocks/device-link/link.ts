import { describeLinkProblem, type LinkProblem } from "./link-problem.ts";

/**
 * A way to one adapter that carries messages as text, one JSON object each, in order and both ways. No method throws; after
 * the end they do nothing.
 */
export interface Link {
  readonly kind: "stdio" | "websocket" | "in-process";
  /** The process RingTrue started (stdio). */
  readonly pid?: number;
  /** Hands one message to the adapter; `text` holds no line end. */
  send(text: string): void;
  /** Called once. Nothing is read before, and nothing is lost. */
  onMessage(receiver: LinkReceiver): void;
  /** Settles when the link is over and nothing of the adapter that we started is left. Never rejects. */
  readonly closed: Promise<LinkEnd>;
  /** Ends it as the contract says; resolves with `closed`. */
  close(): Promise<LinkEnd>;
  /** The adapter's last lines of log, oldest first (stdio). */
  log(): readonly string[];
}

export interface LinkReceiver {
  /** Something that may be a message. */
  readonly message: (text: string) => void;
  /** What was wrong below the messages. At most as many as messages are allowed per second. */
  readonly problem: (problem: LinkProblem) => void;
}

/** Why a link is over. */
export type LinkEnd =
  /** RingTrue closed it. */
  | { readonly kind: "closed" }
  /** The adapter's process ended by itself. */
  | { readonly kind: "exited"; readonly code: number | null; readonly signal: string | null }
  /** The app closed the WebSocket, or its connection is gone; `code` as in RFC 6455 section 7.4.1. */
  | { readonly kind: "disconnected"; readonly code: number; readonly reason: string }
  /** An adapter within RingTrue's process threw this. */
  | { readonly kind: "threw"; readonly error: string }
  /** RingTrue cut it off because of this. */
  | { readonly kind: "cut"; readonly problem: LinkProblem };

/** Why the link is over, as one sentence about the adapter. */
export function describeLinkEnd(end: LinkEnd): string {
  switch (end.kind) {
    case "closed":
      return "The link was closed.";
    case "exited":
      return `It ended (${end.signal ?? `exit code ${end.code}`}).`;
    case "disconnected":
      return `It closed the WebSocket (${end.code}${end.reason === "" ? "" : `, ${JSON.stringify(end.reason)}`}).`;
    case "threw":
      return `It threw: ${end.error}`;
    case "cut":
      return describeLinkProblem(end.problem);
  }
}
