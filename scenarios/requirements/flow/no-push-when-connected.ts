import { isConnectedAt, isFlowUpAt, newestFlow } from "../../../harness/judge/call-view-phones.ts";
import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { pushesFor } from "./call-facts.ts";
import { applePushKit, signalWire } from "./documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "If the recipient’s app is running and has an active connection with the server, communicate directly with the app using your
// existing connection." (Apple, Responding to VoIP Notifications from PushKit, Generate Push Notifications from Your Server)
export const noPushWhenConnected: Requirement = {
  id: "flow/no-push-when-connected",
  title: "A phone whose connection is up is not pushed",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    applePushKit(
      "Generate Push Notifications from Your Server",
      "If the recipient’s app is running and has an active connection with the server, communicate directly with the app using your existing connection.",
    ),
    signalWire(
      "Push Notifications",
      "The push notification is only sent if there is no active WebSocket connection to the subscriber at that moment.",
    ),
  ],
  applies({ features }) {
    if (features.wake === "always") return "the target declares that it always pushes";
    return (
      features.transports.some((transport) => transport !== "udp") ||
      "over UDP nobody can know whether a phone is connected"
    );
  },
  judge: (trace) =>
    conclude(
      callsOf(trace).flatMap((call) =>
        call.phones.map((phone) => {
          if (phone.transport === "udp" || !isConnectedAt(phone, call.placed)) return notExercised;
          const flow = newestFlow(phone, call.placed)?.flow ?? "";
          const push = pushesFor(trace, call, phone).find(({ request }) => isFlowUpAt(phone, flow, request));
          if (push !== undefined) {
            return fail({
              mismatch: "pushed-connected-phone",
              basis: "content",
              expected: `no push to ${phone.ref}, whose connection was up`,
              actual: "a push",
              evidence: [call.placed, push.request],
            });
          }
          const invite = call.branches.find((branch) => branch.phone === phone.ref)?.invite;
          return invite === undefined ? notExercised : passUnlessCutShort(trace, [call.placed, invite.event]);
        }),
      ),
    ),
};
