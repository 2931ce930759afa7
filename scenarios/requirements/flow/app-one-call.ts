import { clientCallsOf } from "../../../harness/judge/client-view.ts";
import type { Requirement } from "../../../harness/judge/requirement.ts";
import { siprix } from "../client-documents.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";
import { ownCalls } from "./own-calls.ts";

// "When received SIP INVITE app should check does exist CallKit call, which matches this SIP request, and update it with callId assigned
// by Library." and "App should be able to check does the push notification and SIP request belong to the same call or they are from
// different calls received in unexpected order." (Siprix, CallKit-PushKit iOS)
export const appOneCall: Requirement = {
  id: "flow/app-one-call",
  title: "Push and INVITE of one call, in either order, are one call on the phone.",
  level: "must",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    siprix(
      "Handle received SIP INVITE request",
      "When received SIP INVITE app should check does exist CallKit call, which matches this SIP request, and update it with callId assigned by Library.",
    ),
    siprix(
      "Handle received SIP INVITE request",
      "App should be able to check does the push notification and SIP request belong to the same call or they are from different calls received in unexpected order.",
    ),
  ],
  applies: () => true,
  judge: (trace) =>
    conclude(
      clientCallsOf(trace).map((call) => {
        const pushed = call.pushes.find(({ handed }) => handed !== undefined);
        const invited = call.legs.find(({ invite }) => invite.arrived !== undefined);
        if (pushed === undefined || invited === undefined) return notExercised;
        const shown = ownCalls(call);
        // One that was over before may be called again.
        const second = shown.find((one, index) =>
          shown.slice(0, index).some(({ ended }) => ended === undefined || ended.event.seq > one.since.seq),
        );
        const [first] = shown;
        if (first === undefined) return notExercised;
        if (second === undefined) return passUnlessCutShort(trace, [pushed.handed, invited.invite.event, first.since]);
        return fail({
          mismatch: "second-call",
          basis: "content",
          expected: `one call on the phone for ${call.ref}`,
          actual: `${second.id} beside ${first.id}`,
          evidence: [first.since, second.since],
        });
      }),
    ),
};
