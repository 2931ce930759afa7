import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { applePushKit, firebasePriority } from "./documents.ts";
import { furtherPushes } from "./further-pushes.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "Instead, communicate with the app directly over the network connection you established between it and your server."
// (Apple, Responding to VoIP Notifications from PushKit, Respond to Call Hang Ups and Failures)
// "High priority messages on Android are meant for time sensitive, user visible content, and should result in user-facing
// notifications." (Firebase, Set and manage Android message priority)
export const noUpdatePush: Requirement = {
  id: "flow/no-update-push",
  title: "Once the phone is awake a call is not pushed to it again",
  level: "must",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    applePushKit(
      "Respond to Call Hang Ups and Failures",
      "Instead, communicate with the app directly over the network connection you established between it and your server.",
    ),
    firebasePriority(
      "Message handling and deprioritization on Android",
      "High priority messages on Android are meant for time sensitive, user visible content, and should result in user-facing notifications.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      callsOf(trace).flatMap((call) =>
        call.phones.map((phone) => {
          const { initial, further } = furtherPushes(call, phone);
          const invite = call.branches.find((branch) => branch.phone === phone.ref)?.invite;
          const again = further.find(({ phase }) => phase === "awake");
          if (initial !== undefined && again !== undefined) {
            return fail({
              mismatch: "pushed-to-update",
              basis: "order",
              expected: `no push of ${call.ref} to ${phone.ref}, which was awake`,
              actual: "another push",
              evidence: [initial.request, again.since, again.push.request],
            });
          }
          if (initial === undefined || invite === undefined) return notExercised;
          return passUnlessCutShort(trace, [initial.request, invite.event]);
        }),
      ),
    ),
};
