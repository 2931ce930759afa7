import { phonesOf, type PhoneView, type Registration } from "../../../harness/judge/call-view-phones.ts";
import { pushesOf } from "../../../harness/judge/call-view-pushes.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import { sameToken } from "./same-token.ts";
import { saysUnregistered } from "./token-refused.ts";

/** What the push service said of a token that is gone, held against the token's newest registration. */
export interface Unregistered {
  readonly phone: PhoneView;
  readonly token: string;
  readonly response: EventOf<"push.response">;
  readonly than: "newer" | "older";
}

/**
 * Every 410 of APNs whose timestamp lies clearly after or before the token's newest registration, and every UNREGISTERED of FCM. What has
 * no timestamp, as nothing of FCM has, is about now.
 */
export function unregisteredTokens(trace: Trace): readonly Unregistered[] {
  return pushesOf(trace).flatMap(({ response, token, phone: ref }): readonly Unregistered[] => {
    const phone = phonesOf(trace).find((candidate) => candidate.ref === ref);
    if (response === undefined || !saysUnregistered(response) || token === undefined || phone === undefined) return [];
    const registration = newestWith(phone, token, response.seq);
    if (registration?.accepted === undefined) return [];
    const atMs = (response.timestampMs ?? Infinity) - trace.facts.epochMs;
    const from = { phone, token, response };
    if (atMs > registration.accepted.event.atMs) return [{ ...from, than: "newer" }];
    return atMs < registration.request.event.atMs ? [{ ...from, than: "older" }] : [];
  });
}

/** The token was in a REGISTER again after that answer and before the event with that seq. */
export function isRegisteredAgain({ phone, token, response }: Unregistered, beforeSeq: number): boolean {
  return phone.registrations.some(
    (registration) =>
      registration.request.event.seq > response.seq &&
      registration.request.event.seq < beforeSeq &&
      (registration.accepted === undefined ? !registration.removes : bindsToken(registration, token)),
  );
}

function newestWith(phone: PhoneView, token: string, beforeSeq: number): Registration | undefined {
  return phone.registrations.findLast(
    (registration) =>
      registration.accepted !== undefined &&
      registration.accepted.event.seq < beforeSeq &&
      !registration.removes &&
      bindsToken(registration, token),
  );
}

function bindsToken(registration: Registration, token: string): boolean {
  return registration.bindings.some((binding) => sameToken(binding.token, token));
}
