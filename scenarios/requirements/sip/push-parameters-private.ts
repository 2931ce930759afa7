import type { Requirement } from "../../../harness/judge/requirement.ts";
import { contacts } from "../../../harness/wire/headers.ts";
import { rfc8599 } from "../client-documents.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import { messagesOf, type Seen } from "./messages-of.ts";
import { isRfc8599 } from "./push-fields.ts";

// "MUST NOT insert the SIP URI parameters ... in non-REGISTER requests in order to prevent the PNS information associated with the UA
// from reaching the remote peer" (RFC 8599, 4.1; `pn-purr` excepted). A Contact in a response reaches the remote peer as well.
export const pushParametersPrivate: Requirement = {
  id: "sip/push-parameters-private",
  title: "What wakes the phone stands in REGISTER alone.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc8599(
      "4.1",
      "in non-REGISTER requests in order to prevent the PNS information associated with the UA from reaching the remote peer",
    ),
  ],
  applies: ({ profile }) => isRfc8599(profile) || "the profile does not register as RFC 8599 says",
  judge: (trace) => judgeTargetBy(privateRule)(trace),
};

const privateRule: MessageRule = (trace, sender) => {
  const tokens = Object.values(trace.identities?.phones ?? {}).flatMap((phone) => phone.tokens);
  const seen = messagesOf(trace, sender).filter(
    ({ message }) => message.kind === "response" || message.method !== "REGISTER",
  );
  const faults = seen.flatMap((one): readonly MessageFault[] => {
    const leak = parameterIn(one) ?? tokenIn(one, tokens);
    if (leak === undefined) return [];
    const { event, message } = one;
    return [
      {
        mismatch: "leaked",
        expected: "nothing that wakes the phone outside REGISTER",
        actual: `${leak} in ${message.kind === "request" ? message.method : `the ${message.status} response`}`,
        evidence: [event.seq],
      },
    ];
  });
  return { judged: seen.map(({ event }) => event.seq), faults };
};

function parameterIn({ message }: Seen): string | undefined {
  return contacts(message)
    .filter((contact) => contact !== "*")
    .flatMap((contact) => [...contact.uri.params.keys(), ...contact.params.keys()])
    .find((name) => name.startsWith("pn-") && name !== "pn-purr");
}

/** The bare token will do for whoever wants to wake the phone, wherever it stands. */
function tokenIn({ event }: Seen, tokens: readonly string[]): string | undefined {
  const text = Buffer.from(event.bytes).toString("latin1").toLowerCase();
  return tokens.some((token) => text.includes(token.toLowerCase())) ? "the push token" : undefined;
}
