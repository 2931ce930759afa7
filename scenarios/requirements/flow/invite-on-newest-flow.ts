import { newestRegistration, type PhoneView } from "../../../harness/judge/call-view-phones.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { before } from "../../../harness/trace/query.ts";
import { rfc3261 } from "./documents.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";

// "The binding updates MUST be committed (that is, made visible to the proxy or redirect server) if and only if all binding updates
// and additions succeed." (RFC 3261, 10.3)
export const inviteOnNewestFlow: Requirement = {
  id: "flow/invite-on-newest-flow",
  title: "The INVITE comes over the flow of the phone's newest accepted registration",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "10.3",
      "The binding updates MUST be committed (that is, made visible to the proxy or redirect server) if and only if all binding updates and additions succeed.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(callsOf(trace).flatMap((call) => call.phones.map((phone) => judgePhone(call, phone)))),
};

function judgePhone(call: CallView, phone: PhoneView): Verdict {
  const here = call.branches.filter((branch) => branch.phone === phone.ref);
  return conclude(
    here.map(({ invite, flow }) => {
      const newest = newestRegistration(phone, invite.event);
      const accepted = newest?.accepted?.event;
      const registeredFlows = new Set(
        phone.registrations
          .filter(
            (registration) => registration.accepted !== undefined && registration.accepted.event.seq < invite.event.seq,
          )
          .map((registration) => registration.flow),
      );
      if (newest === undefined || accepted === undefined || newest.removes || registeredFlows.size < 2)
        return notExercised;
      if (flow === newest.flow) return pass([accepted, invite.event]);
      // Old contacts may be tried beside the new one (RFC 3261, 16.5), never instead of it.
      const alsoNewest = here.some((other) => other.flow === newest.flow && other.invite.event.seq > accepted.seq);
      if (alsoNewest || before(accepted, invite.event) !== "yes") return notExercised;
      return fail({
        mismatch: "invite-on-old-flow",
        basis: "content",
        expected: `the INVITE of ${call.ref} over ${newest.flow}, where ${phone.ref} had registered last`,
        actual: `it came over ${flow} only`,
        evidence: [accepted, invite.event],
      });
    }),
  );
}
