import { connectionsOf, type ConnectionView } from "../../../harness/judge/client-view-android.ts";
import { clientPhonesOf, type ClientPhone } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { judgeReaction } from "../app-reaction.ts";
import { androidCallingApp } from "../client-documents.ts";
import { conclude, fail, notExercised } from "../verdicts.ts";
import { withConnectionService } from "./telecom-applies.ts";

// "Your app should then call the destroy() method to inform the telecom subsystem that the app has processed the call." (Android, Build a
// calling app)
export const destroyedAfterDisconnect: Requirement = {
  id: "telecom/destroyed-after-disconnect",
  title: "A connection is disconnected, and then destroyed.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    androidCallingApp(
      "Implement the connection, onDisconnect()",
      "Your app should then call the destroy() method to inform the telecom subsystem that the app has processed the call.",
    ),
  ],
  applies: withConnectionService,
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace, "android").flatMap((phone) =>
        connectionsOf(trace, phone.ref).map((connection) => judgeConnection(trace, phone, connection)),
      ),
    ),
};

function judgeConnection(trace: Trace, phone: ClientPhone, connection: ConnectionView): Verdict {
  const { disconnected, destroyed, added } = connection;
  if (destroyed?.disconnected === false) {
    return fail({
      mismatch: "destroyed-first",
      basis: "order",
      expected: "setDisconnected before destroy",
      actual: "destroy of a connection that was not disconnected",
      evidence: [added, destroyed],
    });
  }
  // Where Telecom disconnected it, the process is gone or the connection was never made.
  if (disconnected?.asker !== "app") return notExercised;
  return judgeReaction(trace, phone, {
    what: "destroy",
    from: disconnected,
    overNetwork: false,
    met: destroyed,
    missing: "never-destroyed",
    expected: "destroy after setDisconnected",
  });
}
