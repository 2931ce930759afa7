import { clientCallsOf } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { eventsOf, within } from "../../../harness/trace/query.ts";
import type { CallRef, EventOf } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { toTag } from "../../../harness/wire/headers.ts";
import { overSince } from "../call-over.ts";
import { arrived, type SeenRequest } from "./messages-of.ts";
import { rfc3261 } from "./sources.ts";
import { transactionsOf } from "./transactions-of.ts";
import { worstOf } from "./worst-of.ts";

/** A push this much later has other reasons: a server may have a mind of its own about phones that do not wake. */
const soonMs = 2000;

// RFC 3261, 17: “The server transaction filters any request retransmissions from the network.”
// RFC 3261, 17.2.1: “If a request retransmission is received while in the "Proceeding" state, the most recent provisional
// response that was received from the TU MUST be passed to the transport layer for retransmission.”
export const retransmissionAbsorbed: Requirement = {
  id: "sip/retransmission-absorbed",
  title: "A retransmitted INVITE starts nothing new: no second INVITE, no second push, no second ring.",
  level: "must",
  origin: "standard",
  role: "both",
  scope: "case",
  sources: [
    rfc3261("17", "The server transaction filters any request retransmissions from the network."),
    rfc3261(
      "17.2.1",
      'If a request retransmission is received while in the "Proceeding" state, the most recent provisional response that was received from the TU MUST be passed to the transport layer for retransmission.',
    ),
  ],
  applies: () => true,
  judge,
};

function judge(trace: Trace): Verdict {
  return worstOf(
    transactionsOf(trace, "world", "INVITE").flatMap(({ request, transmissions }): readonly Verdict[] => {
      const [first, again] = transmissions.filter(arrived);
      const { call } = request.event;
      if (first === undefined || again === undefined || call === undefined || toTag(request.message) !== undefined) {
        return [];
      }
      const second =
        trace.facts.role === "client"
          ? secondRing(trace, call, again)
          : (secondInvite(trace, call, again) ?? secondPush(trace, call, again));
      if (second !== undefined) {
        return [
          {
            kind: "fail",
            mismatch: second.mismatch,
            basis: "content",
            expected: "nothing new for an INVITE that came again on its own branch",
            actual: second.actual,
            evidence: [first.event.seq, again.event.seq, ...second.evidence],
          },
        ];
      }
      if (trace.end.kind !== "finished") {
        return [
          { kind: "inconclusive", why: `the case ended before it was clear what event ${again.event.seq} led to` },
        ];
      }
      return [{ kind: "pass", evidence: [first.event.seq, again.event.seq] }];
    }),
  );
}

interface Second {
  readonly mismatch: string;
  readonly actual: string;
  readonly evidence: readonly number[];
}

/** A second branch over one flow. Over another flow it may be the fork to the woken phone's new contact. */
function secondInvite(trace: Trace, call: CallRef, again: SeenRequest): Second | undefined {
  const invites = transactionsOf(trace, "target", "INVITE")
    .map(({ request }) => request)
    .filter(({ event, message }) => event.call === call && event.to === "phone" && toTag(message) === undefined);
  for (const invite of invites) {
    const earlier = invites.find(({ event }) => event.flow === invite.event.flow && event.seq < invite.event.seq);
    if (earlier === undefined || invite.event.seq < again.event.seq) continue;
    return {
      mismatch: "retransmission-forwarded",
      actual: "a second INVITE transaction of the call over the same flow",
      evidence: [earlier.event.seq, invite.event.seq],
    };
  }
  return undefined;
}

/**
 * Another call on the phone although it shows, or showed, the one of the INVITE. One that comes after a push of the call is the push's,
 * and a process that was ended between them remembers nothing of the first.
 */
function secondRing(trace: Trace, call: CallRef, again: SeenRequest): Second | undefined {
  const rings = clientCallsOf(trace)
    .filter(({ ref, phone }) => ref === call && phone.ref === again.event.phone)
    .flatMap((one) => {
      // A push that comes when all is over is another matter.
      const over = overSince(one)?.seq ?? Infinity;
      const otherCause = trace.events.find(
        ({ kind, phone, call: of, seq }) =>
          seq > again.event.seq &&
          phone === one.phone.ref &&
          (kind === "app.terminated" || (kind === "push.delivered" && of === call)),
      );
      const until = Math.min(over, otherCause?.seq ?? Infinity);
      return one.shown.flatMap(({ ringing }) => ringing.map(({ from }) => from).filter(({ seq }) => seq < until));
    });
  const second = rings.find(({ seq }, index) => index > 0 && seq > again.event.seq);
  return second === undefined
    ? undefined
    : { mismatch: "second-ring", actual: "the phone rang a second time", evidence: [second.seq] };
}

/** A push for the same call and device while the one before was accepted or not yet answered: no retry of a refused one. */
function secondPush(trace: Trace, call: CallRef, again: SeenRequest): Second | undefined {
  const pushes = eventsOf(trace, "push.request").filter((push) => push.call === call && push.token !== undefined);
  for (const push of pushes) {
    const earlier = pushes.find(
      ({ token, seq }) => token === push.token && seq < push.seq && !refusedBefore(trace, seq, push),
    );
    if (earlier === undefined || push.seq < again.event.seq || within(again.event, push, soonMs) !== "yes") continue;
    const evidence = [earlier.seq, push.seq];
    return { mismatch: "retransmission-forwarded", actual: "a second push for the call to the same device", evidence };
  }
  return undefined;
}

function refusedBefore(trace: Trace, earlier: number, later: EventOf<"push.request">): boolean {
  const name = eventsOf(trace, "push.request").find(({ seq }) => seq === earlier)?.push;
  return trace.events.some(
    (event) =>
      event.seq < later.seq &&
      ((event.kind === "push.reset" && event.push === name) ||
        (event.kind === "push.response" && event.push === name && event.status !== 200)),
  );
}
