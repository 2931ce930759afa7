import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { maxForwards as hopsLeft } from "../../../harness/wire/headers.ts";
import { forwardedInvites } from "./forwarded-invites.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import { isRequest, messagesOf } from "./messages-of.ts";
import { proxiesOnly } from "./proxies-only.ts";
import { rfc3261 } from "./sources.ts";

// RFC 3261, 16.6: “If the copy contains a Max-Forwards header field, the proxy MUST decrement its value by one (1).”
export const maxForwards: Requirement = {
  id: "sip/max-forwards",
  title: "A proxy forwards the caller's INVITE with a lower Max-Forwards.",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261("16.6", "If the copy contains a Max-Forwards header field, the proxy MUST decrement its value by one (1)."),
  ],
  applies: proxiesOnly,
  judge,
};

function judge(trace: Trace): Verdict {
  return judgeTargetBy(() => {
    const hops = forwardedInvites(trace).flatMap(({ received, forwarded }) => {
      const came = hopsLeft(received.message);
      const went = hopsLeft(forwarded.message);
      return came === undefined || went === undefined ? [] : [{ received, forwarded, came, went }];
    });
    const faults = hops
      .filter(({ came, went }) => went >= came)
      .map(({ received, forwarded, came, went }): MessageFault => ({
        mismatch: "not-decremented",
        // A target may be several proxies in a row, each of which takes one off.
        expected: `Max-Forwards below ${came}`,
        actual: `Max-Forwards: ${went}`,
        evidence: [received.event.seq, forwarded.event.seq],
      }));
    return { judged: hops.map(({ forwarded }) => forwarded.event.seq), faults };
  })(trace);
}

/** A request that leaves with no hop left can reach nobody behind the next proxy. */
export const hopsLeftRule: MessageRule = (trace, sender) => {
  const requests = messagesOf(trace, sender)
    .filter(isRequest)
    .filter(({ message }) => hopsLeft(message) !== undefined);
  const faults = requests
    .filter(({ message }) => hopsLeft(message) === 0)
    .map(({ event, message }): MessageFault => ({
      mismatch: "no-hops-left",
      expected: "Max-Forwards above 0",
      actual: `Max-Forwards: 0 in ${message.method}`,
      evidence: [event.seq],
    }));
  return { judged: requests.map(({ event }) => event.seq), faults };
};
