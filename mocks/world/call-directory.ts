import type { Plan } from "../../harness/plan/plan.ts";
import type { CallRef, PhoneRef, Platform } from "../../harness/trace/trace-event.ts";
import { readPointer } from "../../harness/wire/json-pointer.ts";
import { callId, header } from "../../harness/wire/headers.ts";
import type { SipMessage } from "../../harness/wire/sip-message.ts";
import type { PayloadPointer, Profile } from "../../harness/trace/run-facts.ts";
import type { Claim } from "./attribution.ts";
import type { Personas } from "./identities.ts";

/** Says which call of the plan a message or push at a phone is about. */
export interface CallDirectory {
  placed(call: CallRef): void;
  ended(call: CallRef): void;
  /** The call a SIP message at a phone belongs to; learns a leg's Call-ID from its INVITE. */
  callOfMessage(phone: PhoneRef, message: SipMessage, claims: readonly Claim[]): CallRef | undefined;
  /** The call a push is for: by the caller or call id its payload names, else the account's only call under way. */
  callOfPush(phone: PhoneRef, payload: unknown, claims: readonly Claim[]): CallRef | undefined;
}

export function callDirectory(plan: Plan, personas: Personas, profile: Profile): CallDirectory {
  const underWay = new Set<CallRef>();
  /** Call-ID of each leg, at phones and callers, to its call. */
  const legs = new Map<string, CallRef>(personas.calls.map((call) => [call.callId, call.ref]));

  function onlyCallOf(phone: PhoneRef): CallRef | undefined {
    const account = plan.phones[Number(phone.slice("phone:".length)) - 1]?.account;
    const candidates = [...underWay].filter(
      (call) => plan.calls[Number(call.slice("call:".length)) - 1]?.callee === account,
    );
    return candidates.length === 1 ? candidates[0] : undefined;
  }

  return {
    placed: (call) => void underWay.add(call),
    ended: (call) => void underWay.delete(call),
    callOfMessage(phone, message, claims) {
      const id = callId(message);
      const known = id === undefined ? undefined : legs.get(id);
      if (known !== undefined) return known;
      if (message.kind !== "request" || message.method !== "INVITE") return undefined;
      // A caller of another case is none of ours, however alone our own call is.
      const call =
        claims.length > 0 ? personas.calls.find(({ ref }) => ref === claims[0]?.call)?.ref : onlyCallOf(phone);
      if (call !== undefined && id !== undefined) legs.set(id, call);
      return call;
    },
    callOfPush(phone, payload, claims) {
      if (claims.length === 1) return claims[0]?.call;
      const { platform = "ios" } = plan.phones[Number(phone.slice("phone:".length)) - 1] ?? {};
      const ids = [profile.payload.callId, profile.payload.hint, profile.payload.callUUID]
        .map((pointer) => valueAt(payload, pointer, platform))
        .filter((value) => typeof value === "string");
      for (const id of ids) {
        const call = legs.get(id);
        if (call !== undefined) return call;
      }
      return onlyCallOf(phone);
    },
  };
}

function valueAt(payload: unknown, pointer: PayloadPointer | undefined, platform: Platform): unknown {
  if (pointer === undefined) return undefined;
  return readPointer(payload, typeof pointer === "string" ? pointer : pointer[platform]);
}

/** The header field that names the caller of a message: where a claim may stand. */
export function callerField(message: SipMessage): string {
  return header(message, "from") ?? "";
}
