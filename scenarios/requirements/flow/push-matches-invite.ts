import { valueIn } from "../../../harness/judge/call-view-pushes.ts";
import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import type { PayloadPointer, RunFacts } from "../../../harness/trace/run-facts.ts";
import { header } from "../../../harness/wire/headers.ts";
import { siprix } from "./documents.ts";
import { platformOf } from "./platform-of.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";

// "PBX should put some data in the push notification payload, which allows application to display call details and match SIP INVITE
// with previosly received push." (Siprix, CallKit-PushKit iOS, Configure sending push notification on SIP Server (PBX) side)
export const pushMatchesInvite: Requirement = {
  id: "flow/push-matches-invite",
  title: "What the push claims of the call is what its INVITE then carries",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    siprix(
      "Configure sending push notification on SIP Server (PBX) side",
      "PBX should put some data in the push notification payload, which allows application to display call details and match SIP INVITE with previosly received push.",
    ),
  ],
  applies: (facts) =>
    correlateOf(facts) !== undefined ||
    `the profile ${facts.profile.id} ties push and INVITE by nothing but the caller`,
  judge(trace) {
    const correlate = correlateOf(trace.facts);
    if (correlate === undefined) return notExercised;
    return conclude(
      callsOf(trace).flatMap((call) =>
        call.pushes.map((push) => {
          const invites = call.branches.filter(({ phone }) => phone === push.phone).map(({ invite }) => invite);
          const claimed = valueIn(push, correlate.pointer, platformOf(trace, push));
          const [first] = invites;
          if (first === undefined || typeof claimed !== "string" || claimed === "") return notExercised;
          const carried = invites.map(({ sip }) => header(sip, correlate.header) ?? "");
          if (carried.includes(claimed)) return pass([push.request, first.event]);
          return fail({
            mismatch: "call-id-differs",
            basis: "content",
            expected: `${claimed}, as its push claims, in ${correlate.header} of the INVITE`,
            actual: carried.map((value) => (value === "" ? "no such header" : value)).join(", "),
            evidence: [push.request, ...invites.map(({ event }) => event)],
          });
        }),
      ),
    );
  },
};

/** Where payload and INVITE must agree: the Call-ID for proxies and where the profile claims it, else a named header that equals the hint. */
function correlateOf({
  profile,
  features,
}: RunFacts): { readonly pointer: PayloadPointer; readonly header: string } | undefined {
  const { callId, hint } = profile.payload;
  const claimsCallId = profile.correlation.sip.toLowerCase() === "call-id";
  if (callId !== undefined && (claimsCallId || features.kind === "proxy"))
    return { pointer: callId, header: "call-id" };
  if (hint === undefined || claimsCallId || profile.correlation.sip === "") return undefined;
  return { pointer: hint, header: profile.correlation.sip.toLowerCase() };
}
