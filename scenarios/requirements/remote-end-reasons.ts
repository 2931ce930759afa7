import type { RemoteEnd } from "../../harness/judge/client-view-legs.ts";
import type { CallEndedReason } from "../../harness/trace/ios-event.ts";

/** The reasons that fit how the caller's side ended a call (DEVICE-LINK section 3). `hasAnswered`: the user had answered before. */
export function reasonsFor({ how, form }: RemoteEnd, hasAnswered: boolean): readonly CallEndedReason[] {
  if (form === "answered-elsewhere") return ["answeredElsewhere"];
  if (form === "declined-elsewhere") return ["declinedElsewhere"];
  return how === "bye" || hasAnswered ? ["remoteEnded"] : ["remoteEnded", "unanswered"];
}
