import { messagesOf, responsesTo, type RequestMessage } from "../../../harness/judge/call-view-messages.ts";
import { clientPhonesOf, type ClientPhone } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { rfc8599, siprix } from "../client-documents.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";
import { pushFieldsOf, type PushField } from "./push-fields.ts";
import { handedTokens, tokensKnownAt } from "./push-tokens.ts";

// "When a UA receives a push notification, the UA MUST send a binding-refresh REGISTER request" (RFC 8599, 4.1.3): a push finds the UA
// only by what its REGISTER said.
// "Each time when app adds new account it should invoke method getPushKitToken and set received value as value of some X-header or as
// value in Contact Uri params or send/use token in its own way." (Siprix, CallKit-PushKit iOS)
export const pushParameters: Requirement = {
  id: "sip/push-parameters",
  title: "Every REGISTER that binds a contact says how to wake the phone, with the newest token.",
  level: "must",
  origin: "profile",
  role: "client",
  scope: "case",
  sources: [
    rfc8599("4.1.3", "When a UA receives a push notification, the UA MUST send a binding-refresh REGISTER request"),
    siprix(
      "Implement sending push token to SIP server with REGISTER request",
      "Each time when app adds new account it should invoke method getPushKitToken and set received value as value of some X-header or as value in Contact Uri params or send/use token in its own way.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(clientPhonesOf(trace).flatMap((phone) => judgePhone(trace, phone))),
};

function judgePhone(trace: Trace, phone: ClientPhone): readonly Verdict[] {
  return phone.registrations
    .filter(({ removes }) => !removes)
    .map(({ request }): Verdict => {
      const { event } = request;
      const begun = beginningOf(trace, phone, request);
      const wrongFor = (token: string): readonly PushField[] =>
        pushFieldsOf(trace.facts.profile, phone.identity, token, request.sip).filter((field) => !isRight(field, phone));
      const newest = handedTokens(trace, phone).findLast(({ event: told }) => told.seq < event.seq);
      if (newest !== undefined && wrongFor(newest.token).length === 0) return pass([event]);
      const known = tokensKnownAt(trace, phone, event, trace.facts.deadlines.appReactsMs);
      // Else it may have been made before the token was there.
      if (known === undefined || begun.event.atMs - known.since.atMs < underWayMs) return notExercised;
      const readings = known.right.map(wrongFor);
      const wrong = readings.reduce((fewest, reading) => (reading.length < fewest.length ? reading : fewest));
      const first = wrong.find(({ actual }) => actual === undefined) ?? wrong[0];
      if (first === undefined) return pass([event]);
      return fail({
        mismatch: first.actual === undefined ? "missing" : "other-value",
        basis: "content",
        expected: `${first.name}: ${first.expected}`,
        actual: first.actual ?? "none",
        evidence: [known.since, event],
      });
    });
}

/** A REGISTER may have been made that much earlier than it leaves: while its connection was opened, say. */
const underWayMs = 500;

/** The first of the REGISTERs that this one repeats because it was asked to: for credentials, for a longer expiry. */
function beginningOf(trace: Trace, phone: ClientPhone, request: RequestMessage): RequestMessage {
  const before = phone.registrations.findLast((one) => one.request.event.seq < request.event.seq)?.request;
  if (before === undefined || before.callId !== request.callId) return request;
  const asksAgain = responsesTo(before, messagesOf(trace)).some(
    ({ sip, event }) => [401, 407, 423].includes(sip.status) && event.seq < request.event.seq,
  );
  return asksAgain ? beginningOf(trace, phone, before) : request;
}

/** An APNs token is a number in hexadecimal digits; FCM's are told apart by case. */
function isRight({ expected, actual }: PushField, { platform }: ClientPhone): boolean {
  return actual === expected || (platform === "ios" && actual?.toLowerCase() === expected.toLowerCase());
}
