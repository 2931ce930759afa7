import { oncePer } from "../once-per.ts";
import { eventsOf } from "../trace/query.ts";
import type { Trace } from "../trace/trace.ts";
import type { CallRef, EventOf, PhoneRef, Platform } from "../trace/trace-event.ts";
import type { PayloadPointer } from "../trace/run-facts.ts";
import { readPointer } from "../wire/json-pointer.ts";

/** One push request of the target and everything that became of it. */
export interface Push {
  readonly request: EventOf<"push.request">;
  readonly response: EventOf<"push.response"> | undefined;
  readonly reset: EventOf<"push.reset"> | undefined;
  readonly delivered: readonly EventOf<"push.delivered">[];
  readonly token: string | undefined;
  /** By its token. */
  readonly phone: PhoneRef | undefined;
  /** Where payload or timing tie it to exactly one call. */
  readonly call: CallRef | undefined;
  /** The push service took it. */
  readonly accepted: boolean;
  /** It was answered otherwise, or reset. */
  readonly refused: boolean;
  /** The JSON the app would get; undefined when the body is no JSON. */
  readonly payload: unknown;
}

/** Every push of a trace, in the order of the requests. */
export const pushesOf = oncePer((trace: Trace): readonly Push[] => {
  const owners = new Map(
    Object.entries(trace.identities?.phones ?? {}).flatMap(([ref, { tokens }]) =>
      tokens.map((token) => [spelled(token), ref as PhoneRef] as const),
    ),
  );
  const pushes = eventsOf(trace, "push.request").map((request): Push => {
    const named = (event: { readonly push: string }) => event.push === request.push;
    const response = eventsOf(trace, "push.response").find(named);
    const reset = eventsOf(trace, "push.reset").find(named);
    const delivered = eventsOf(trace, "push.delivered").filter(named);
    return {
      request,
      response,
      reset,
      delivered,
      token: request.token,
      phone: request.phone ?? (request.token === undefined ? undefined : owners.get(spelled(request.token))),
      call: request.call,
      accepted: response?.status === 200,
      refused: reset !== undefined || (response !== undefined && response.status !== 200),
      payload: delivered[0]?.payload ?? payloadIn(request),
    };
  });
  return pushes;
});

/** A token of APNs is hexadecimal and may come in either case; one of FCM is meant letter for letter. */
function spelled(token: string): string {
  return /^[0-9a-f]+$/i.test(token) ? token.toLowerCase() : token;
}

function payloadIn(request: EventOf<"push.request">): unknown {
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(request.body));
  } catch {
    return undefined;
  }
  if (request.service === "apns") return body;
  return readPointer(body, "/message/android/data") ?? readPointer(body, "/message/data");
}

/** The value the profile's pointer names in the payload; undefined when there is no such pointer or value. */
export function valueIn(push: Push, pointer: PayloadPointer | undefined, platform: Platform): unknown {
  if (pointer === undefined) return undefined;
  return readPointer(push.payload, typeof pointer === "string" ? pointer : pointer[platform]);
}
