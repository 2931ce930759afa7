import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { headerValues, toTag } from "../../../harness/wire/headers.ts";
import { parseNameAddress } from "../../../harness/wire/name-address.ts";
import type { SipUri } from "../../../harness/wire/sip-message.ts";
import { judgeTargetBy, type MessageFault } from "./message-rule.ts";
import { isRequest, messagesOf, type Seen } from "./messages-of.ts";
import { proxiesOnly } from "./proxies-only.ts";
import { rfc3261 } from "./sources.ts";

// RFC 3261, 16.6: “The URI placed in the Record-Route header field value MUST be a SIP or SIPS URI. This URI MUST contain an
// lr parameter (see Section 19.1.1).”
// RFC 3261, 16.4: “If the first value in the Route header field indicates this proxy, the proxy MUST remove that value from
// the request.”
export const recordRoute: Requirement = {
  id: "sip/record-route",
  title: "A proxy that record-routes uses lr, and takes its own Route out of requests within the dialog.",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "16.6",
      "The URI placed in the Record-Route header field value MUST be a SIP or SIPS URI. This URI MUST contain an lr parameter (see Section 19.1.1).",
    ),
    rfc3261(
      "16.4",
      "If the first value in the Route header field indicates this proxy, the proxy MUST remove that value from the request.",
    ),
  ],
  applies: proxiesOnly,
  judge,
};

function judge(trace: Trace): Verdict {
  return judgeTargetBy(() => {
    const messages = messagesOf(trace, "target");
    // Callers and phones add none of their own: every value is the target's, in its requests and in the responses to them.
    const routed = messages.flatMap((seen) => urisOf(seen, "Record-Route").map((uri) => ({ seen, uri })));
    return {
      judged: [...new Set(routed.map(({ seen }) => seen.event.seq))],
      faults: [
        ...routed.filter(({ uri }) => !uri.params.has("lr")).map(withoutLr),
        ...messages.flatMap((seen) =>
          notConsumed(
            seen,
            routed.map(({ uri }) => uri),
          ),
        ),
      ],
    };
  })(trace);
}

function withoutLr({ seen, uri }: { readonly seen: Seen; readonly uri: SipUri }): MessageFault {
  return {
    mismatch: "record-route-without-lr",
    expected: "an lr parameter in the Record-Route URI",
    actual: uri.raw,
    evidence: [seen.event.seq],
  };
}

/** A request within a dialog that reaches an endpoint has no Route of the target left: it was the last hop. */
function notConsumed(seen: Seen, own: readonly SipUri[]): readonly MessageFault[] {
  if (!isRequest(seen) || toTag(seen.message) === undefined) return [];
  const left = urisOf(seen, "Route").find((route) =>
    own.some((uri) => uri.host === route.host && uri.port === route.port),
  );
  if (left === undefined) return [];
  return [
    {
      mismatch: "route-not-consumed",
      expected: `${seen.message.method} without the Route value of the proxy itself`,
      actual: `Route: <${left.raw}>`,
      evidence: [seen.event.seq],
    },
  ];
}

function urisOf(seen: Seen, name: string): readonly SipUri[] {
  return headerValues(seen.message, name).flatMap((value) => {
    const address = parseNameAddress(value);
    return address === undefined ? [] : [address.uri];
  });
}
