import type { SipResponse } from "../../harness/wire/sip-message.ts";
import type { ClientTransaction, ClientUser } from "./client-transaction.ts";
import type { Credentials } from "./credentials.ts";
import { answerChallenge, parseChallenge } from "./digest.ts";
import { newToken } from "./identifiers.ts";
import type { OutgoingRequest } from "./message-text.ts";
import type { SipHub } from "./sip-hub.ts";

export interface DigestRequest {
  readonly hub: SipHub;
  readonly request: OutgoingRequest;
  readonly credentials: Credentials | undefined;
  /** CSeq number for each further try (RFC 3261 section 22.2). */
  readonly nextCseq: () => number;
  readonly user: ClientUser;
  /** Told of every try as it leaves. */
  readonly onSent?: (transaction: ClientTransaction) => void;
  /** Asked before a challenge is answered; true makes the challenge the final response. */
  readonly givenUp?: () => boolean;
}

/** Sends a request and answers its challenges; every other response goes to the user, and so does a challenge that came back. */
export function sendWithDigest(options: DigestRequest): void {
  const { hub, credentials, user } = options;
  const answered = new Set<string>();

  function send(request: OutgoingRequest): void {
    const transaction = hub.request(request, {
      timeout: user.timeout,
      closed: user.closed,
      response(response) {
        const next = retry(request, response);
        if (next === undefined) user.response(response);
        else send(next);
      },
    });
    options.onSent?.(transaction);
  }

  function retry(request: OutgoingRequest, response: SipResponse): OutgoingRequest | undefined {
    if (credentials === undefined || (response.status !== 401 && response.status !== 407)) return undefined;
    if (options.givenUp?.() === true) return undefined;
    const answer = answerChallenge(
      response,
      { method: request.method, uri: request.uri, cnonce: newToken() },
      credentials,
    );
    if (answer === undefined) return undefined;
    const round = `${response.status}${isStale(response) ? " stale" : ""}`;
    if (answered.has(round)) return undefined;
    answered.add(round);
    const kept = request.headers.filter(([name]) => name !== answer[0]);
    return { ...request, cseq: options.nextCseq(), headers: [answer, ...kept] };
  }

  send(options.request);
}

/** The nonce was too old, the password right: worth one more try (RFC 2617 section 3.2.1). */
function isStale(response: SipResponse): boolean {
  return response.headers.some(
    (field) =>
      field.name.endsWith("-authenticate") && parseChallenge(field.value)?.get("stale")?.toLowerCase() === "true",
  );
}
