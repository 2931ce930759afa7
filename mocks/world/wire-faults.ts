import type { MessageMatch } from "../../harness/plan/plan.ts";
import { cseq } from "../../harness/wire/headers.ts";
import { readMessage } from "../../harness/wire/read-message.ts";
import type { WireFate, WireFilter } from "../sip/sip-socket.ts";

/** What a plan does to the messages of one endpoint. */
export interface WireFaults {
  add(fate: Exclude<WireFate, "deliver">, match: MessageMatch, count: number): void;
  readonly filter: WireFilter;
}

interface Rule {
  readonly fate: Exclude<WireFate, "deliver">;
  readonly match: MessageMatch;
  left: number;
}

export function wireFaults(): WireFaults {
  const rules: Rule[] = [];
  return {
    add(fate, match, count) {
      rules.push({ fate, match, left: count });
    },
    filter(direction, bytes) {
      if (rules.length === 0) return "deliver";
      const rule = rules.find(({ match, left }) => left > 0 && matches(match, direction, bytes));
      if (rule === undefined) return "deliver";
      rule.left -= 1;
      return rule.fate;
    },
  };
}

function matches(match: MessageMatch, direction: "in" | "out", bytes: Uint8Array): boolean {
  if ((match.direction === "sent") !== (direction === "out")) return false;
  const message = readMessage(bytes);
  if (message.kind === "not-sip") return false;
  if (message.kind === "request") return match.status === undefined && message.method === match.method;
  return message.status === match.status && cseq(message)?.method === match.method;
}
