import { clientPhonesOf } from "../../../harness/judge/client-view.ts";
import { messagesOf, responsesTo, type RequestMessage } from "../../../harness/judge/call-view-messages.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import { header, headerValues } from "../../../harness/wire/headers.ts";
import type { SipMessage } from "../../../harness/wire/sip-message.ts";
import { judgeReaction } from "../app-reaction.ts";
import { rfc3261 } from "../client-documents.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";

// "If a client receives a "qop" parameter in a challenge header field, it MUST send the "qop" parameter in any resulting authorization
// header field." (RFC 3261, 22.4)
// "If a 401 (Unauthorized) or 407 (Proxy Authentication Required) response is received, the UAC SHOULD follow the authorization procedures
// of Section 22.2 and Section 22.3 to retry the request with credentials." (RFC 3261, 8.1.3.5)
export const digest: Requirement = {
  id: "sip/digest",
  title: "A REGISTER that is challenged is sent again with the right credentials.",
  level: "must",
  origin: "standard",
  role: "client",
  scope: "case",
  sources: [
    rfc3261(
      "22.4",
      'If a client receives a "qop" parameter in a challenge header field, it MUST send the "qop" parameter in any resulting authorization header field.',
    ),
    rfc3261(
      "8.1.3.5",
      "If a 401 (Unauthorized) or 407 (Proxy Authentication Required) response is received, the UAC SHOULD follow the authorization procedures of Section 22.2 and Section 22.3 to retry the request with credentials.",
    ),
  ],
  applies: ({ features }) => features.digest || "the target declares no digest",
  judge: (trace) =>
    conclude(
      clientPhonesOf(trace).flatMap((phone) => {
        const messages = messagesOf(trace);
        const registers = phone.registrations.map(({ request }) => request);
        const finalTo = (request: RequestMessage) =>
          responsesTo(request, messages).find(({ sip }) => sip.status >= 200);
        return registers.map((request): Verdict => {
          const challenge = finalTo(request);
          const challenged = challenge?.arrived;
          if (challenge === undefined || challenged === undefined || !isChallenge(challenge.sip)) return notExercised;
          // Credentials that were refused once are judged where they answered a challenge.
          if (hasCredentials(request.sip) && !isStale(challenge.sip)) return notExercised;
          const again = registers.find(({ event, sip }) => event.seq > challenged.seq && hasCredentials(sip));
          if (again === undefined) {
            return judgeReaction(trace, phone, {
              what: "the REGISTER with credentials",
              from: challenged,
              met: undefined,
              missing: "not-repeated",
              expected: "the REGISTER again with an Authorization header field",
            });
          }
          const answer = finalTo(again);
          if (answer === undefined) return notExercised;
          const wrong = qopMissing(challenge.sip, again.sip) || (isChallenge(answer.sip) && !isStale(answer.sip));
          if (!wrong) return pass([challenged, again.event, answer.event]);
          return fail({
            mismatch: "wrong-response",
            basis: "content",
            expected: "credentials that answer the challenge",
            actual: credentialsOf(again.sip) ?? "none",
            evidence: [challenged, again.event],
          });
        });
      }),
    ),
};

function isChallenge(message: SipMessage): boolean {
  return message.kind === "response" && (message.status === 401 || message.status === 407);
}

function challengesOf(message: SipMessage): readonly string[] {
  return [...headerValues(message, "WWW-Authenticate"), ...headerValues(message, "Proxy-Authenticate")];
}

/** The nonce is too old and the credentials may be right (RFC 7616, 3.3). */
function isStale(message: SipMessage): boolean {
  return challengesOf(message).some((value) => /\bstale\s*=\s*"?true/iu.test(value));
}

function credentialsOf(message: SipMessage): string | undefined {
  return header(message, "Authorization") ?? header(message, "Proxy-Authorization");
}

function hasCredentials(message: SipMessage): boolean {
  return credentialsOf(message) !== undefined;
}

function qopMissing(challenge: SipMessage, request: SipMessage): boolean {
  const asked = challengesOf(challenge).some((value) => /\bqop\s*=/iu.test(value));
  return asked && !/\bqop\s*=/iu.test(credentialsOf(request) ?? "");
}
