import { firstOf, waitedFor } from "../../../harness/judge/client-view-order.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { hasAccount, judgeReaction } from "../app-reaction.ts";
import { androidCallingApp } from "../client-documents.ts";
import { conclude, fail, notExercised } from "../verdicts.ts";
import { overSince } from "../call-over.ts";
import { callsOnAndroid, type CallOnAndroid } from "./android-calls.ts";
import { withTelecom } from "./telecom-applies.ts";

// "Use the addNewIncomingCall(PhoneAccountHandle, Bundle) method to inform the telecom subsystem about the new incoming call." (Android,
// Build a calling app)
export const callAdded: Requirement = {
  id: "telecom/call-added",
  title: "Telecom is told of an incoming call within the time of the message, or at once where the INVITE came first.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    androidCallingApp(
      "Answer incoming calls",
      "Use the addNewIncomingCall(PhoneAccountHandle, Bundle) method to inform the telecom subsystem about the new incoming call.",
    ),
  ],
  applies: withTelecom,
  judge: (trace) => conclude(callsOnAndroid(trace).map((one) => judgeCall(trace, one))),
};

function judgeCall(trace: Trace, { call, shown }: CallOnAndroid): Verdict {
  const told = firstOf<TraceEvent>([
    ...call.pushes.map(({ handed, reading }) => (reading.isMalformed ? undefined : handed)),
    ...call.legs.map(({ invite }) => invite.arrived),
  ]);
  const over = overSince(call);
  if (told === undefined || !hasAccount(trace, call.phone, told)) return notExercised;
  if (over !== undefined && over.seq < told.seq) return notExercised;
  const refused = eventsOf(trace, "telecom.refused").filter(
    (event) => event.phone === call.phone.ref && (event.call === undefined || event.call === call.ref),
  );
  const added = firstOf<TraceEvent>([...shown.map(({ connection }) => connection?.added), ...refused]);
  const accepted = call.legs.find(({ answer }) => answer !== undefined)?.answer?.event;
  if (accepted !== undefined && waitedFor(trace, accepted, added) === "no") {
    return fail({
      mismatch: "not-added",
      basis: "order",
      expected: "addNewIncomingCall or addCall before the call is accepted",
      actual: added === undefined ? "the call was accepted without it" : "it came after the call was accepted",
      evidence: [told, accepted],
    });
  }
  return judgeReaction(trace, call.phone, {
    what: "the call in Telecom",
    from: told,
    ...(told.kind === "message.window-opened" ? { limitMs: told.forMs } : {}),
    overNetwork: false,
    met: added,
    excuses: [over],
    missing: "not-added",
    expected: "addNewIncomingCall or addCall for the call",
  });
}
