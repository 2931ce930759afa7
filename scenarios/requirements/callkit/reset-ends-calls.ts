import type { Leg } from "../../../harness/judge/client-view-legs.ts";
import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { clientPhonesOf, type ClientPhone } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import { judgeReaction } from "../app-reaction.ts";
import { callKitHeader } from "../apple-documents.ts";
import { iosOnly } from "../ios-pushes.ts";
import { conclude, notExercised } from "../verdicts.ts";

// "Delegates must respond to this callback by cleaning up all internal call state (disconnecting communication channels, releasing network
// resources, etc.)." (Apple, CXProvider.h, providerDidReset:)
export const resetEndsCalls: Requirement = {
  id: "callkit/reset-ends-calls",
  title: "A reset of the provider ends every call towards the caller",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    callKitHeader(
      "providerDidReset:",
      "Delegates must respond to this callback by cleaning up all internal call state (disconnecting communication channels, releasing network resources, etc.).",
    ),
    callKitHeader(
      "providerDidReset:",
      "This callback can be treated as a request to end all calls without the need to respond to any actions",
    ),
  ],
  applies: iosOnly,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace, "ios").flatMap((phone) =>
        eventsOf(trace, "provider.reset")
          .filter((reset) => reset.phone === phone.ref)
          .flatMap((reset) => phone.legs.map((leg) => judgeLeg(trace, phone, reset, leg))),
      ),
    ),
};

function judgeLeg(trace: Trace, phone: ClientPhone, reset: EventOf<"provider.reset">, leg: Leg): Verdict {
  const remote = remoteEndOf([leg])?.event;
  const over = overFrom(leg);
  const isUp = (leg.invite.arrived?.seq ?? Infinity) < reset.seq && (over?.seq ?? Infinity) > reset.seq;
  if (!isUp || (remote?.seq ?? Infinity) < reset.seq) return notExercised;
  return judgeReaction(trace, phone, {
    what: `the end of the leg of ${leg.call ?? "a call"} after the reset`,
    from: reset,
    met: over,
    excuses: [remote],
    missing: "leg-left-up",
    expected: leg.answer === undefined ? "the INVITE rejected" : "a BYE",
  });
}

/** The app's own end of the leg: its rejection of the INVITE, or its BYE. */
function overFrom(leg: Leg) {
  return leg.answer === undefined ? leg.final?.event : leg.byesSent[0]?.request.event;
}
