import { valueIn, type Push } from "../../../harness/judge/call-view-pushes.ts";
import { callsOf } from "../../../harness/judge/call-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { CallIdentity, Trace } from "../../../harness/trace/trace.ts";
import { parseSipUri, userOf } from "../../../harness/wire/sip-uri.ts";
import { applePushKit } from "./documents.ts";
import { platformOf } from "./platform-of.ts";
import { conclude, fail, pass } from "../verdicts.ts";

// "You might also want to include information about the caller, so that you can display that information in the incoming call UI."
// (Apple, Responding to VoIP Notifications from PushKit, Generate Push Notifications from Your Server)
export const pushNamesCaller: Requirement = {
  id: "flow/push-names-caller",
  title: "A push for a call names its caller as the INVITE does",
  level: "should",
  origin: "vendor",
  role: "server",
  scope: "case",
  sources: [
    applePushKit(
      "Generate Push Notifications from Your Server",
      "You might also want to include information about the caller, so that you can display that information in the incoming call UI.",
    ),
  ],
  applies: ({ profile: { id, payload } }) =>
    payload.handle !== undefined || `the profile ${id} has no place for the caller`,
  judge: (trace) =>
    conclude(
      callsOf(trace).flatMap((call) =>
        call.pushes
          .filter(({ payload }) => payload !== undefined)
          .map((push) => judgeNames(trace, push, call.identity)),
      ),
    ),
};

function judgeNames(trace: Trace, push: Push, identity: CallIdentity): Verdict {
  const { handle: handlePointer, callerName: namePointer } = trace.facts.profile.payload;
  const platform = platformOf(trace, push);
  const handle = valueIn(push, handlePointer, platform);
  const differs = (mismatch: string, expected: string, actual: unknown) =>
    fail({
      mismatch,
      basis: "content",
      expected,
      actual: JSON.stringify(actual) ?? "nothing",
      evidence: [push.request],
    });
  if (handle === undefined || handle === null || handle === "")
    return differs("no-handle", `the caller at ${JSON.stringify(handlePointer)}`, handle);
  const handles = handlesOf(identity.callerUri);
  if (!handles.includes(asText(handle))) return differs("handle-differs", handles.join(" or "), handle);
  if (namePointer === undefined) return pass([push.request]);
  const name = valueIn(push, namePointer, platform) ?? "";
  // A caller without a name may be shown by its handle.
  const names = identity.callerName === "" ? ["", ...handles] : [identity.callerName];
  if (!names.includes(asText(name)))
    return differs("name-differs", names.map((one) => JSON.stringify(one)).join(" or "), name);
  return pass([push.request]);
}

/** Numbers may stand as JSON numbers; anything else is no name. */
function asText(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? `${value}` : JSON.stringify(value);
}

/** The ways to write a caller: user part (escaped or not), address, URI. */
function handlesOf(callerUri: string): readonly string[] {
  const uri = parseSipUri(callerUri);
  const users = [uri?.user, uri === undefined ? undefined : userOf(uri)].flatMap((user) =>
    user === undefined ? [] : [user],
  );
  const host = uri?.host ?? "";
  return [
    ...new Set([
      ...users,
      ...users.map((user) => `${user}@${host}`),
      ...users.map((user) => `sip:${user}@${host}`),
      callerUri,
    ]),
  ];
}
