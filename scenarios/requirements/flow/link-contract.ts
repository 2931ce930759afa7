import type { Requirement } from "../../../harness/judge/requirement.ts";
import { eventsOf, SOCKET_ORDER_TOLERANCE_MS } from "../../../harness/trace/query.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { deviceLink } from "../client-documents.ts";
import { fail, notExercised, pass } from "../verdicts.ts";

// "Map each callback to the code of your app that the real system would call, and answer when that code returns." and "stderr; any other
// line on stdout is a link error" (The device link, contract ringtrue.device/1)
export const linkContract: Requirement = {
  id: "flow/link-contract",
  title: "The adapter keeps to the contract of the device link.",
  level: "must",
  origin: "profile",
  role: "client",
  scope: "case",
  sources: [
    deviceLink(
      "Writing an adapter",
      "Map each callback to the code of your app that the real system would call, and answer when that code returns.",
    ),
    deviceLink("The link", "stderr; any other line on stdout is a link error"),
  ],
  applies: () => true,
  judge(trace) {
    const problem = eventsOf(trace, "link.problem")[0];
    if (problem !== undefined) {
      return fail({
        mismatch: problem.problem,
        basis: "content",
        expected: "messages as the contract has them",
        actual: problem.why,
        evidence: [problem],
      });
    }
    const unanswered = eventsOf(trace, "link.unanswered").find((event) => !isGone(trace, event));
    if (unanswered !== undefined) {
      return fail({
        mismatch: "unanswered",
        basis: "deadline",
        expected: `a reply to ${unanswered.method}`,
        actual: unanswered.why,
        evidence: [unanswered],
      });
    }
    const reply = eventsOf(trace, "link.reply").find(({ by }) => by === "target");
    return reply === undefined ? notExercised : pass([reply]);
  },
};

/** Nobody was there to answer: the process had ended, or the adapter. Launch and end of a process are answered by its host. */
function isGone(trace: Trace, event: EventOf<"link.unanswered">): boolean {
  if (trace.end.kind === "target-died" || eventsOf(trace, "target.exited").length > 0) return true;
  if (event.method === "device.launch" || event.method === "device.terminate") return false;
  // The end of a process settles what was open before it is told.
  const ends = [...eventsOf(trace, "app.terminated"), ...eventsOf(trace, "link.notification")].some(
    (end) =>
      end.phone === event.phone &&
      (end.kind === "app.terminated" || end.method === "device.died") &&
      Math.abs(end.atMs - event.atMs) <= SOCKET_ORDER_TOLERANCE_MS,
  );
  if (ends) return true;
  const newest = trace.events.findLast(
    ({ kind, phone, seq }) =>
      phone === event.phone && seq < event.seq && (kind === "app.launched" || kind === "app.terminated"),
  );
  return newest?.kind === "app.terminated";
}
