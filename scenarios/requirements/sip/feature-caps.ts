import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { headerValues } from "../../../harness/wire/headers.ts";
import { judgeTargetBy, type MessageFault } from "./message-rule.ts";
import { acceptedBindings } from "./registrations.ts";

const provider = "pn-provider";
/** The indicator by its whole name: not `+sip.pnsreg`, not `+sip.pnspurr`. */
const indicator = /(?:^|[;,\s])\+sip\.pns(?=\s*(?:[=;,]|$))/iu;

// RFC 8599, 4.1.1: a user agent that finds no sip.pns “MUST NOT assume the proxy will request that push notifications are
// sent”
export const featureCaps: Requirement = {
  id: "sip/feature-caps",
  title: "The 2xx to a REGISTER with pn-provider carries Feature-Caps with +sip.pns.",
  level: "should",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    {
      document: "RFC 8599",
      section: "4.1.1",
      quote: "MUST NOT assume the proxy will request that push notifications are sent",
    },
  ],
  applies: registersPushParameters,
  judge,
};

function registersPushParameters({ profile }: RunFacts): true | string {
  return (
    profile.registration.contactParams?.[provider] !== undefined ||
    `profile ${profile.id} registers without ${provider}`
  );
}

function judge(trace: Trace): Verdict {
  return judgeTargetBy(() => {
    const accepted = acceptedBindings(trace).filter(({ bound }) => bound.some(({ uri }) => uri.params.has(provider)));
    const faults = accepted
      .filter(({ response }) => !headerValues(response.message, "Feature-Caps").some((value) => indicator.test(value)))
      .map(({ request, response }): MessageFault => ({
        mismatch: "no-feature-caps",
        expected: "Feature-Caps with +sip.pns",
        actual: headerValues(response.message, "Feature-Caps").join(", ") || "no Feature-Caps",
        evidence: [request.event.seq, response.event.seq],
      }));
    return { judged: accepted.map(({ response }) => response.event.seq), faults };
  })(trace);
}
