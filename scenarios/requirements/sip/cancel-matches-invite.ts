import type { Requirement } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { callId, from, to } from "../../../harness/wire/headers.ts";
import { sameUri } from "../../../harness/wire/sip-uri.ts";
import { judgeTargetBy, type MessageFault, type MessageRule } from "./message-rule.ts";
import { branchOf, cseqNumberOf, isRequest, messagesOf, type SeenRequest } from "./messages-of.ts";
import { sameAddress } from "./same-value.ts";
import { rfc3261 } from "./sources.ts";

/** A CANCEL has Request-URI, Call-ID, To, From, CSeq number and top Via of the INVITE it cancels. */
export const cancelMatchesInviteRule: MessageRule = (trace, sender) => {
  const requests = messagesOf(trace, sender).filter(isRequest);
  const cancels = requests.filter(({ message }) => message.method === "CANCEL");
  const faults = cancels.flatMap((cancel) => {
    const invites = requests.filter(
      ({ event, message }) =>
        message.method === "INVITE" && event.seq < cancel.event.seq && wentTheSameWay(trace, event, cancel.event),
    );
    return faultsOf(cancel, inviteOf(cancel, invites));
  });
  return { judged: cancels.map(({ event }) => event.seq), faults };
};

/** An app that has moved to another network is reached over the flow it registered by there. */
function wentTheSameWay({ facts }: Trace, invite: SeenRequest["event"], cancel: SeenRequest["event"]): boolean {
  return invite.flow === cancel.flow || (facts.role === "client" && invite.phone === cancel.phone);
}

/** The INVITE with its branch; where that is spoilt, the newest with its Call-ID. */
function inviteOf(cancel: SeenRequest, invites: readonly SeenRequest[]): SeenRequest | undefined {
  const branch = branchOf(cancel);
  return (
    invites.findLast((invite) => branch !== undefined && branchOf(invite) === branch) ??
    invites.findLast((invite) => callId(invite.message) === callId(cancel.message))
  );
}

function faultsOf(cancel: SeenRequest, invite: SeenRequest | undefined): readonly MessageFault[] {
  if (invite === undefined) {
    return [
      {
        mismatch: "branch-differs",
        expected: "the branch of an INVITE sent over this flow",
        actual: `branch ${branchOf(cancel) ?? "absent"}, which no INVITE had`,
        evidence: [cancel.event.seq],
      },
    ];
  }
  const compared: readonly (readonly [what: string, read: (request: SeenRequest) => string, same: boolean])[] = [
    ["branch", (request) => branchOf(request) ?? "absent", branchOf(invite) === branchOf(cancel)],
    ["cseq", (request) => String(cseqNumberOf(request)), cseqNumberOf(invite) === cseqNumberOf(cancel)],
    ["uri", ({ message }) => message.uri, sameRequestUri(invite, cancel)],
    ["call-id", ({ message }) => callId(message) ?? "absent", callId(invite.message) === callId(cancel.message)],
    ["from", ({ message }) => written(from(message)), sameOf(from, invite, cancel)],
    ["to", ({ message }) => written(to(message)), sameOf(to, invite, cancel)],
  ];
  return compared
    .filter(([, , same]) => !same)
    .map(([what, read]) => ({
      mismatch: `${what}-differs`,
      expected: `${read(invite)} as in the INVITE`,
      actual: read(cancel),
      evidence: [invite.event.seq, cancel.event.seq],
    }));
}

function sameRequestUri(invite: SeenRequest, cancel: SeenRequest): boolean {
  return invite.message.uri === cancel.message.uri || sameUri(invite.message.uri, cancel.message.uri);
}

function sameOf(read: typeof from, invite: SeenRequest, cancel: SeenRequest): boolean {
  const a = read(invite.message);
  const b = read(cancel.message);
  return a === undefined || b === undefined || sameAddress(a, b);
}

function written(address: ReturnType<typeof from>): string {
  return address === undefined ? "absent" : `<${address.uri.raw}>;tag=${address.params.get("tag") ?? "none"}`;
}

// RFC 3261, 9.1: “The Request-URI, Call-ID, To, the numeric part of CSeq, and From header fields in the CANCEL request MUST
// be identical to those in the request being cancelled, including tags. A CANCEL constructed by a client MUST have only a
// single Via header field value matching the top Via value in the request being cancelled.”
export const cancelMatchesInvite: Requirement = {
  id: "sip/cancel-matches-invite",
  title: "A CANCEL has the branch, Request-URI, Call-ID, To, From and CSeq number of its INVITE.",
  level: "must",
  origin: "standard",
  role: "server",
  scope: "case",
  sources: [
    rfc3261(
      "9.1",
      "The Request-URI, Call-ID, To, the numeric part of CSeq, and From header fields in the CANCEL request MUST be identical to those in the request being cancelled, including tags. A CANCEL constructed by a client MUST have only a single Via header field value matching the top Via value in the request being cancelled.",
    ),
  ],
  applies: () => true,
  judge: judgeTargetBy(cancelMatchesInviteRule),
};
