import { cseq } from "../wire/headers.ts";
import {
  exchangesOf,
  isOutOfDialog,
  isRequest,
  responsesTo,
  type Exchange,
  type Message,
  type RequestMessage,
  type ResponseMessage,
} from "./call-view-messages.ts";

/** The call as its caller saw it. */
export interface CallerLeg {
  /** Its INVITE; after a challenge (401, 407) the one with the credentials. */
  readonly invite: RequestMessage;
  /** What the target answered to that INVITE, in order. */
  readonly responses: readonly ResponseMessage[];
  /** The final ones among them. */
  readonly finals: readonly ResponseMessage[];
  /** The first 2xx. */
  readonly answer: ResponseMessage | undefined;
  /** The first final response from 300 up. */
  readonly rejection: ResponseMessage | undefined;
  readonly acks: readonly RequestMessage[];
  readonly cancels: readonly Exchange[];
  /** BYEs of the caller, and BYEs of the target to it. */
  readonly byesSent: readonly Exchange[];
  readonly byesReceived: readonly Exchange[];
}

/** The leg among the messages that went between the caller of one call and the target; undefined when it never sent an INVITE. */
export function callerLegOf(messages: readonly Message[]): CallerLeg | undefined {
  const fromCaller = (request: RequestMessage) => request.event.from === "caller";
  const invite = messages.findLast(
    (message): message is RequestMessage =>
      isRequest(message, "INVITE") && fromCaller(message) && isOutOfDialog(message),
  );
  if (invite === undefined) return undefined;
  const responses = responsesTo(invite, messages);
  const finals = responses.filter((response) => response.sip.status >= 200);
  const number = cseq(invite.sip)?.number;
  return {
    invite,
    responses,
    finals,
    answer: finals.find((response) => response.sip.status < 300),
    rejection: finals.find((response) => response.sip.status >= 300),
    acks: messages.filter(
      (message): message is RequestMessage =>
        isRequest(message, "ACK") && fromCaller(message) && cseq(message.sip)?.number === number,
    ),
    cancels: exchangesOf("CANCEL", messages, fromCaller),
    byesSent: exchangesOf("BYE", messages, fromCaller),
    byesReceived: exchangesOf("BYE", messages, (request) => !fromCaller(request)),
  };
}
