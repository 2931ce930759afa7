import { clientPhonesOf, type ClientPhone } from "../../../harness/judge/client-view.ts";
import { androidCallsOf } from "../../../harness/judge/client-view-android.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { androidBackgroundStarts } from "../client-documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";
import { onAndroid } from "./telecom-applies.ts";

// "In addition, if an app wants to launch a foreground service that needs while-in-use permissions (for example, body sensor, camera,
// microphone, or location permissions), it cannot create the service while the app is in the background, even if the app falls into one
// of the exemptions from background start restrictions." (Android): what lets it is the user's answer.
export const microphoneFromAnswer: Requirement = {
  id: "telecom/microphone-from-answer",
  title: "A foreground service has the microphone or camera from the answer on, not while the phone rings.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    androidBackgroundStarts(
      "Restrictions on starting foreground services that need while-in-use permissions",
      "In addition, if an app wants to launch a foreground service that needs while-in-use permissions (for example, body sensor, camera, microphone, or location permissions), it cannot create the service while the app is in the background, even if the app falls into one of the exemptions from background start restrictions.",
    ),
  ],
  applies: onAndroid,
  judge: (trace) => conclude(clientPhonesOf(trace, "android").map((phone) => judgePhone(trace, phone))),
};

type Start = EventOf<"service.started"> | EventOf<"service.refused">;

function judgePhone(trace: Trace, phone: ClientPhone): Verdict {
  const starts: readonly Start[] = [...eventsOf(trace, "service.started"), ...eventsOf(trace, "service.refused")]
    .filter((event) => event.phone === phone.ref)
    .toSorted((a, b) => a.seq - b.seq);
  const early = starts.find((start) => isInUse(start) && !isAnsweredAt(trace, phone, start));
  if (early !== undefined) {
    return fail({
      mismatch: "microphone-while-ringing",
      basis: "order",
      expected: "no microphone and no camera before the user answered",
      actual:
        early.kind === "service.refused"
          ? `${early.exception}: ${early.why}`
          : `a foreground service of type ${early.types.join(", ")}`,
      evidence: [early],
    });
  }
  const rang = androidCallsOf(trace, phone.ref).find(({ ringing }) => ringing.length > 0);
  const service = starts.find(isInUse);
  if (rang === undefined) return notExercised;
  return passUnlessCutShort(trace, [rang.since, service]);
}

function isInUse({ types }: Start): boolean {
  return types.includes("microphone") || types.includes("camera");
}

/** The user has answered a call that is not over. An answer that the user gave at all is enough where it is not known which. */
function isAnsweredAt(trace: Trace, { ref, acts }: ClientPhone, event: Start): boolean {
  const answers = acts.filter(({ kind, seq }) => kind === "user.answered" && seq < event.seq);
  const live = androidCallsOf(trace, ref).some(
    ({ answered, ended }) =>
      answered !== undefined && answered.seq < event.seq && (ended === undefined || ended.event.seq > event.seq),
  );
  return live || answers.some(({ call }) => !isEndedBefore(trace, ref, call, event));
}

function isEndedBefore(
  trace: Trace,
  phone: ClientPhone["ref"],
  call: EventOf<"user.answered">["call"],
  event: Start,
): boolean {
  const shown = androidCallsOf(trace, phone).filter((one) => call !== undefined && one.call === call);
  return shown.length > 0 && shown.every(({ ended }) => ended !== undefined && ended.event.seq < event.seq);
}
