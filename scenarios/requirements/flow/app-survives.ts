import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import { rfc3261 } from "../client-documents.ts";
import { fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "If a request is accepted, all state changes associated with it MUST be performed. If it is rejected, all state changes MUST NOT be
// performed." (RFC 3261, 8.2): an app that dies of a request does neither.
export const appSurvives: Requirement = {
  id: "flow/app-survives",
  title: "The app lives through the case.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "8.2",
      "If a request is accepted, all state changes associated with it MUST be performed. If it is rejected, all state changes MUST NOT be performed.",
    ),
  ],
  applies: () => true,
  judge(trace) {
    const died = eventsOf(trace, "app.terminated").find(isCrash);
    const exited = eventsOf(trace, "target.exited")[0];
    const told = eventsOf(trace, "link.notification").find(({ method }) => method === "device.died");
    if (died !== undefined || told !== undefined || exited !== undefined || trace.end.kind === "target-died") {
      return fail({
        mismatch: "crashed",
        basis: "content",
        expected: "an app that is there when the case ends",
        actual: howItDied(died, exited, trace.end.kind === "target-died" ? trace.end.how : "device.died"),
        evidence: [eventsOf(trace, "app.launched").at(-1), exited ?? told ?? died],
      });
    }
    const worked = clientPhonesOf(trace).find(({ legs, pushes }) => legs.length > 0 || pushes.length > 0);
    const launched = eventsOf(trace, "app.launched")[0];
    return worked === undefined || launched === undefined ? notExercised : passUnlessCutShort(trace, [launched]);
  },
};

/** It crashed, or Android threw something at it that it did not catch; what else ends it is for others to judge. */
function isCrash({ why }: EventOf<"app.terminated">): boolean {
  return why === "crashed" || why.endsWith("Exception");
}

function howItDied(
  died: EventOf<"app.terminated"> | undefined,
  exited: EventOf<"target.exited"> | undefined,
  otherwise: string,
): string {
  if (died !== undefined)
    return "message" in died && died.message !== undefined ? `${died.why}: ${died.message}` : died.why;
  if (exited?.why !== undefined) return `the adapter was cut off: ${exited.why}`;
  return exited === undefined ? otherwise : `the adapter exited with ${exited.signal ?? exited.code}`;
}
