import { header } from "../../../harness/wire/headers.ts";
import { parseMessage } from "../../../harness/wire/parse-message.ts";
import type { WireMessage } from "../sip-socket.ts";

const ALWAYS = ["via", "from", "to", "call-id", "cseq", "content-length"];

/** What is wrong with the messages we wrote ourselves, one line each; nothing may be. */
export function ownMistakes(wire: readonly WireMessage[]): string[] {
  return wire
    .filter((seen) => seen.direction === "out")
    .flatMap(({ bytes }) => {
      const message = parseMessage(bytes);
      if (message.kind === "not-sip") return [message.why];
      const wanted = message.kind === "request" ? [...ALWAYS, "max-forwards"] : ALWAYS;
      const start = message.kind === "request" ? message.method : String(message.status);
      return [
        ...message.findings.map((finding) => `${start}: ${finding.rule} ${finding.detail}`),
        ...wanted.filter((name) => header(message, name) === undefined).map((name) => `${start}: no ${name}`),
        ...message.headers.filter((field) => field.value === "").map((field) => `${start}: empty ${field.name}`),
      ];
    });
}
