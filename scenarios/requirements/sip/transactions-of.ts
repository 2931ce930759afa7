import type { Trace } from "../../../harness/trace/trace.ts";
import { callId, cseq } from "../../../harness/wire/headers.ts";
import {
  arrived,
  branchOf,
  cseqNumberOf,
  isRequest,
  isResponse,
  other,
  transmissionsOf,
  type Seen,
  type Sender,
  type SeenRequest,
  type SeenResponse,
} from "./messages-of.ts";

/** A request of one side with everything the other side answered to it. */
export interface Transaction {
  readonly request: SeenRequest;
  /** The same request again over the same flow, the first one included. */
  readonly transmissions: readonly SeenRequest[];
  /** The first transmission that was not lost by RingTrue: from here on the other side knows of it. */
  readonly reached: SeenRequest | undefined;
  /** In order, retransmissions and lost ones included. */
  readonly responses: readonly SeenResponse[];
}

/** The transactions of one method that one side began, in order of their first transmission. */
export function transactionsOf(trace: Trace, sender: Sender, method: string): readonly Transaction[] {
  const groups = new Map<string, SeenRequest[]>();
  for (const seen of transmissionsOf(trace, sender)) {
    if (!isRequest(seen) || seen.message.method !== method) continue;
    const key = [seen.event.flow, branchOf(seen) ?? seen.event.seq, callId(seen.message), cseqNumberOf(seen)].join(" ");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [seen]);
    else group.push(seen);
  }
  const answers = transmissionsOf(trace, other(sender)).filter(isResponse);
  return [...groups.values()].flatMap((transmissions) => {
    const [request] = transmissions;
    if (request === undefined) return [];
    const responses = answers.filter(
      (response) => response.event.seq > request.event.seq && answersTo(response, request),
    );
    return [{ request, transmissions, reached: transmissions.find(arrived), responses }];
  });
}

/**
 * By branch and method (RFC 3261, 17.1.3), or, so that a response with a spoilt Via or CSeq still counts as an answer, by
 * Call-ID, number and method.
 */
function answersTo(response: SeenResponse, request: SeenRequest): boolean {
  if (cseq(response.message)?.method !== request.message.method) return false;
  const branch = branchOf(request);
  if (branch !== undefined && branchOf(response) === branch) return true;
  return callId(response.message) === callId(request.message) && cseqNumberOf(response) === cseqNumberOf(request);
}

/**
 * The requests of the other side a response may be the answer to: those with its top branch, else (its Via is spoilt) those
 * with its Call-ID and CSeq method, on the same flow.
 */
export function requestsAnsweredBy(trace: Trace, response: Seen, sender: Sender): readonly SeenRequest[] {
  const earlier = transmissionsOf(trace, other(sender)).filter(
    (seen): seen is SeenRequest =>
      isRequest(seen) && seen.event.seq < response.event.seq && seen.message.method !== "ACK",
  );
  const branch = branchOf(response);
  const byBranch = earlier.filter((request) => branch !== undefined && branchOf(request) === branch);
  if (byBranch.length > 0) return byBranch;
  return earlier.filter(
    (request) =>
      request.event.flow === response.event.flow &&
      callId(request.message) === callId(response.message) &&
      request.message.method === cseq(response.message)?.method,
  );
}
