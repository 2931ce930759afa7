import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { contacts } from "../../../harness/wire/headers.ts";
import type { NameAddress, SipUri } from "../../../harness/wire/sip-message.ts";
import { sameUri } from "../../../harness/wire/sip-uri.ts";
import { judgeTargetBy, type MessageFault } from "./message-rule.ts";
import { acceptedBindings, type AcceptedBindings } from "./registrations.ts";
import { rfc3261 } from "./sources.ts";

// RFC 3261, 10.3: “The response MUST contain Contact header field values enumerating all current bindings. Each Contact
// value MUST feature an "expires" parameter indicating its expiration interval chosen by the registrar.”
export const registerListsContact: Requirement = {
  id: "sip/register-lists-contact",
  title: "The 2xx to a REGISTER lists the registered Contact with its expires.",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "10.3",
      'The response MUST contain Contact header field values enumerating all current bindings. Each Contact value MUST feature an "expires" parameter indicating its expiration interval chosen by the registrar.',
    ),
  ],
  applies: () => true,
  judge,
};

function judge(trace: Trace): Verdict {
  return judgeTargetBy(() => {
    const accepted = acceptedBindings(trace);
    return {
      judged: accepted.map(({ response }) => response.event.seq),
      faults: accepted.flatMap((registration) => faultsOf(registration)),
    };
  })(trace);
}

function faultsOf({ request, response, bound }: AcceptedBindings): readonly MessageFault[] {
  const listed = contacts(response.message).filter((contact): contact is NameAddress => contact !== "*");
  const evidence = [request.event.seq, response.event.seq];
  const unlisted = bound.filter((contact) => !listed.some(({ uri }) => sameBinding(uri, contact.uri)));
  const timeless = listed.filter(({ params }) => !/^\d+$/u.test(params.get("expires") ?? ""));
  return [
    ...unlisted.map(({ uri }) => ({
      mismatch: "contact-not-listed",
      expected: `Contact <${uri.raw}>`,
      actual: listed.length === 0 ? "no Contact" : listed.map((contact) => `<${contact.uri.raw}>`).join(", "),
      evidence,
    })),
    ...timeless.map(({ uri }) => ({
      mismatch: "no-expires",
      expected: "an expires parameter at every Contact",
      actual: `none at <${uri.raw}>`,
      evidence,
    })),
  ];
}

/** A registrar may leave out or add URI parameters of its own (RFC 8599 pn-*, for one): user, host and port tell a binding. */
function sameBinding(a: SipUri, b: SipUri): boolean {
  return sameUri(a, b) || (a.scheme === b.scheme && a.user === b.user && a.host === b.host && a.port === b.port);
}
