import { pushesOf, valueIn, type Push } from "../../../harness/judge/call-view-pushes.ts";
import { callsOf, type CallView } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { userOf } from "../../../harness/wire/sip-uri.ts";
import { rfc3261 } from "./documents.ts";
import { platformOf } from "./platform-of.ts";
import { conclude, fail, notExercised, passUnlessCutShort } from "../verdicts.ts";

// "The Request-URI in the copy's start line MUST be replaced with the URI for this target." (RFC 3261, 16.6 step 2)
export const callsNeverCross: Requirement = {
  id: "flow/calls-never-cross",
  title: "Of two calls at once each reaches its own callee's phones and carries its own caller",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [rfc3261("16.6", "The Request-URI in the copy's start line MUST be replaced with the URI for this target.")],
  applies: ({ features }) => features.concurrentCalls || "the target does not declare several calls at once",
  judge(trace) {
    const calls = callsOf(trace);
    const verdicts = [
      ...calls.flatMap((call) => judgeInvites(trace, call, calls)),
      ...pushesOf(trace).map((push) => judgePush(trace, push, calls)),
      judgeClaims(trace),
    ];
    const isExercised = calls.some((call) => calls.some((other) => other.ref !== call.ref && isDuring(call, other)));
    return conclude(isExercised ? verdicts : verdicts.filter(({ kind }) => kind === "fail"));
  },
};

function judgeInvites(trace: Trace, call: CallView, calls: readonly CallView[]): readonly Verdict[] {
  return call.branches.map(({ invite, phone }) => {
    const foreign = calls.find((other) => other.ref !== call.ref && other.identity.callId === invite.callId);
    if (foreign === undefined && call.phones.some(({ ref }) => ref === phone))
      return passUnlessCutShort(trace, [invite.event]);
    return fail({
      mismatch: "crossed-call",
      basis: "content",
      expected: `${call.ref}, from ${call.identity.callerUri}, at a phone of ${call.identity.calleeAor}`,
      actual: foreign === undefined ? `its INVITE at ${phone}` : `its caller with the Call-ID of ${foreign.ref}`,
      evidence: [call.placed, invite.event],
    });
  });
}

function judgePush(trace: Trace, push: Push, calls: readonly CallView[]): Verdict {
  const { callId, handle } = trace.facts.profile.payload;
  const platform = platformOf(trace, push);
  const byId = callNamed(calls, valueIn(push, callId, platform), ({ identity, branches }) => [
    identity.callId,
    ...branches.map(({ invite }) => invite.callId),
  ]);
  const byHandle = callNamed(calls, valueIn(push, handle, platform), ({ identity: { callerUri } }) => [
    callerUri,
    userOf(callerUri) ?? callerUri,
  ]);
  const named = [...new Set([byId, byHandle].flatMap((call) => call ?? []))];
  const [call] = named;
  if (call === undefined) return notExercised;
  const isMixed = named.length > 1;
  if (!isMixed && call.phones.some(({ ref }) => ref === push.phone)) return passUnlessCutShort(trace, [push.request]);
  return fail({
    mismatch: "crossed-call",
    basis: "content",
    expected: "a push that names one call, to a phone of that call's callee",
    actual: isMixed
      ? `it mixes ${named.map(({ ref }) => ref).join(" and ")}`
      : `it names ${call.ref} and goes to ${push.phone ?? "no phone of the case"}`,
    evidence: [call.placed, push.request],
  });
}

/** The only call one of whose names the value is. */
function callNamed(
  calls: readonly CallView[],
  value: unknown,
  namesOf: (call: CallView) => readonly string[],
): CallView | undefined {
  const named = calls.filter((call) => typeof value === "string" && namesOf(call).includes(value));
  return named.length === 1 ? named[0] : undefined;
}

/** The other call was placed while this one had no final response yet. */
function isDuring(call: CallView, other: CallView): boolean {
  return other.placed.seq > call.placed.seq && other.placed.seq < (call.caller.finals[0]?.event.seq ?? Infinity);
}

/** What two cases claim was sent to one case's phone with another case's caller. */
function judgeClaims(trace: Trace): Verdict {
  const claimed = [...eventsOf(trace, "sip"), ...eventsOf(trace, "push.request")].find(
    ({ claimedBy, by, to }) =>
      by === "target" && (to === "phone" || to === "push-service") && (claimedBy?.length ?? 0) > 1,
  );
  if (claimed === undefined) return notExercised;
  return fail({
    mismatch: "crossed-call",
    basis: "content",
    expected: "nothing of another case's call",
    actual: `it belongs to ${claimed.claimedBy?.join(" and ")}`,
    evidence: [claimed],
  });
}
