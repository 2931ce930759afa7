import type { Requirement } from "../../../harness/judge/requirement.ts";
import { header } from "../../../harness/wire/headers.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import { messagesOf } from "./messages-of.ts";
import { rfc3261 } from "./sources.ts";

/** On streams: a Content-Length that counts the bytes of the body. A WebSocket frames its messages itself. */
export const contentLengthRule: MessageRule = (trace, sender) => {
  const messages = messagesOf(trace, sender).filter(
    ({ event }) => event.transport === "tcp" || event.transport === "tls",
  );
  const faults = messages.flatMap(({ event, message }): readonly MessageFault[] => {
    const declared = header(message, "Content-Length");
    const bytes = bodyBytes(event.bytes);
    if (declared === undefined) {
      return [
        {
          mismatch: "content-length-missing",
          expected: `a Content-Length header field over ${event.transport.toUpperCase()}`,
          actual: "none",
          evidence: [event.seq],
        },
      ];
    }
    if (Number(declared) === bytes) return [];
    return [
      {
        mismatch: "content-length-differs",
        expected: `Content-Length: ${bytes}`,
        actual: `Content-Length: ${declared}`,
        evidence: [event.seq],
      },
    ];
  });
  return { judged: messages.map(({ event }) => event.seq), faults };
};

/** Bytes behind the first empty line. */
function bodyBytes(bytes: Uint8Array): number {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const end = /\r?\n\r?\n/u.exec(text.replace(/^[\r\n]+/u, (leading) => "-".repeat(leading.length)));
  return end === null ? 0 : bytes.length - end.index - end[0].length;
}

function overStreams(facts: RunFacts): true | string {
  const streams = facts.features.transports.some((transport) => transport === "tcp" || transport === "tls");
  return streams || "the target declares neither tcp nor tls";
}

// RFC 3261, 18.3: “The Content-Length header field MUST be used with stream oriented transports.”
// RFC 3261, 20.14: “If no body is present in a message, then the Content-Length header field value MUST be set to zero.”
export const contentLength: Requirement = {
  id: "sip/content-length",
  title: "Over TCP and TLS every message has a Content-Length that is right.",
  level: "must",
  origin: "standard",
  role: "both",
  scope: "case",
  sources: [
    rfc3261("18.3", "The Content-Length header field MUST be used with stream oriented transports."),
    rfc3261(
      "20.14",
      "If no body is present in a message, then the Content-Length header field value MUST be set to zero.",
    ),
  ],
  applies: overStreams,
  judge: judgeTargetBy(contentLengthRule),
};
