import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { within } from "../../../harness/trace/query.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { siprix } from "../client-documents.ts";
import { conclude, fail, inconclusive, notExercised, pass } from "../verdicts.ts";
import { lonelyPushes, type LonelyPush } from "./lonely-pushes.ts";

// "When token found - PBX should send push notification to that client, wait a bit (let client to receive message and restore/refresh
// registration) and only after that forward INVITErequest or report error." (Siprix, CallKit-PushKit iOS): the INVITE of a server that
// waits comes late.
export const appWaits: Requirement = {
  id: "flow/app-waits",
  title: "An app waits a while for the INVITE before it ends a call that was pushed.",
  level: "should",
  origin: "house",
  role: "client",
  scope: "case",
  sources: [
    siprix(
      "Configure sending push notification on SIP Server (PBX) side",
      "When token found - PBX should send push notification to that client, wait a bit (let client to receive message and restore/refresh registration) and only after that forward INVITErequest or report error.",
    ),
  ],
  applies: () => true,
  judge: (trace) => conclude(lonelyPushes(trace).map((lonely) => judgePush(trace, lonely))),
};

/** Ends that are none of the app's decision. */
const ofOthers: ReadonlySet<string> = new Set(["ended", "reset", "app-terminated", "LOCAL", "REJECTED"]);

function judgePush(trace: Trace, { call, push, shown }: LonelyPush): Verdict {
  const { delivered } = push;
  const { ended } = shown;
  const minMs = trace.facts.deadlines.inviteWaitMs.min;
  if (ended === undefined || ofOthers.has(ended.why)) return notExercised;
  const isUsers = call.acts.some(
    ({ kind, seq }) => (kind === "user.declined" || kind === "user.hung-up") && seq < ended.event.seq,
  );
  const hindered = call.phone.life.some(
    ({ state, event }) => state === "not-running" && event.seq > shown.since.seq && event.seq < ended.event.seq,
  );
  if (isUsers || hindered) return notExercised;
  const early = within(delivered, ended.event, minMs);
  if (early === "undecidable") return inconclusive(`the call ended about ${minMs} ms after its push, on a busy host`);
  if (early === "no") return pass([delivered, ended.event]);
  return fail({
    mismatch: "ended-early",
    basis: "deadline",
    expected: `at least ${minMs} ms for the INVITE to come`,
    actual: `the call was ended ${ended.why} after ${Math.round(ended.event.atMs - delivered.atMs)} ms`,
    evidence: [delivered, ended.event],
  });
}
