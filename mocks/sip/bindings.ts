import type { NameAddress } from "../../harness/wire/sip-message.ts";
import { sameUri, userOf } from "../../harness/wire/sip-uri.ts";
import type { HeaderLine } from "./message-text.ts";
import type { PushFields } from "./push-fields.ts";

/** One Contact of an address of record (RFC 3261 section 10). */
export interface Binding {
  /** Contact URI as spelled: what a request to it is addressed to, byte for byte. */
  readonly contact: string;
  /** Parameters of the Contact header field without `expires`, names lower case. */
  readonly params: ReadonlyMap<string, string | null>;
  /** Both present: a flow of its own of one user agent (RFC 5626 section 6). */
  readonly instance?: string;
  readonly regId?: string;
  readonly callId: string;
  readonly cseq: number;
  /** Milliseconds of the clock it was registered by. */
  readonly registeredAtMs: number;
  readonly expiresAtMs: number;
  /** Name of the flow its REGISTER came over. */
  readonly flow: string;
  readonly push: PushFields;
}

/** What a REGISTER asks of the bindings. */
export interface RegisterRequest {
  readonly callId: string;
  readonly cseq: number;
  /** Each with the push fields it carries. */
  readonly contacts: readonly ("*" | { readonly address: NameAddress; readonly push: PushFields })[];
  /** The Expires header field in seconds. */
  readonly expiresS: number | undefined;
  /** `outbound` is among the supported option tags. */
  readonly outbound: boolean;
  readonly flow: string;
}

/** Lifetimes in seconds. */
export interface ExpiryLimits {
  readonly minS: number;
  readonly maxS: number;
  /** For a Contact that asks for none. */
  readonly defaultS: number;
}

export type BindingChange =
  | {
      readonly kind: "changed";
      readonly bindings: readonly Binding[];
      readonly added: readonly Binding[];
      /** Replaced ones are among them. */
      readonly removed: readonly Binding[];
      /** At least one was taken as a flow (RFC 5626 section 6): the answer must say so. */
      readonly outbound: boolean;
    }
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly reason?: string;
      readonly headers?: readonly HeaderLine[];
    };

/** What an unreadable lifetime counts as, and from what on none is too short (RFC 3261 sections 10.2.1.1 and 10.3). */
const HOUR_S = 3_600;

/** Bindings that have not expired. */
export function liveBindings(bindings: readonly Binding[], nowMs: number): readonly Binding[] {
  return bindings.filter((binding) => binding.expiresAtMs > nowMs);
}

/** What a REGISTER makes of the bindings of its address of record: all of it or nothing (RFC 3261 section 10.3, RFC 5626 section 6). */
export function applyRegister(
  before: readonly Binding[],
  register: RegisterRequest,
  limits: ExpiryLimits,
  nowMs: number,
): BindingChange {
  const live = liveBindings(before, nowMs);
  if (register.contacts.includes("*")) return removeAll(live, register);

  let bindings = live;
  const added: Binding[] = [];
  let lasting = 0;
  let flows = 0;
  for (const contact of register.contacts) {
    if (contact === "*") continue;
    const wantedS = lifetimeOf(contact.address, register, limits);
    if (wantedS > 0 && wantedS < limits.minS && wantedS < HOUR_S)
      return { kind: "refused", status: 423, headers: [["Min-Expires", String(limits.minS)]] };
    const next = bindingOf(contact, register, nowMs, Math.min(wantedS, limits.maxS));
    const matching = bindings.filter((known) => isSameBinding(known, next));
    if (matching.some((known) => live.includes(known) && isOutdated(register, known))) return outOfOrder;
    bindings = bindings.filter((known) => !matching.includes(known));
    if (wantedS === 0) continue;
    lasting += 1;
    if (next.regId !== undefined) flows += 1;
    bindings = [...bindings, next];
    added.push(next);
  }
  // RFC 5626 section 6: one flow at a time.
  if (flows > 0 && lasting > 1) return { kind: "refused", status: 400, reason: "More Than One Contact With reg-id" };
  return {
    kind: "changed",
    bindings,
    added: added.filter((binding) => bindings.includes(binding)),
    removed: live.filter((binding) => !bindings.includes(binding)),
    outbound: flows > 0,
  };
}

const outOfOrder: BindingChange = { kind: "refused", status: 500, reason: "REGISTER Out of Order" };

function removeAll(live: readonly Binding[], register: RegisterRequest): BindingChange {
  if (register.contacts.length > 1 || register.expiresS !== 0)
    return { kind: "refused", status: 400, reason: "Contact * Needs Expires 0 and Nothing Beside It" };
  if (live.some((binding) => isOutdated(register, binding))) return outOfOrder;
  return { kind: "changed", bindings: [], added: [], removed: live, outbound: false };
}

function lifetimeOf(address: NameAddress, register: RegisterRequest, limits: ExpiryLimits): number {
  if (!address.params.has("expires")) return register.expiresS ?? limits.defaultS;
  const text = address.params.get("expires") ?? "";
  return /^\d{1,10}$/.test(text) ? Number(text) : HOUR_S;
}

/** The reg-id counts only beside an instance, and where the phone says it knows what it means (RFC 5626 section 6). */
function bindingOf(
  { address, push }: { readonly address: NameAddress; readonly push: PushFields },
  register: RegisterRequest,
  nowMs: number,
  lifetimeS: number,
): Binding {
  const instance = address.params.get("+sip.instance") ?? undefined;
  const regId = address.params.get("reg-id") ?? undefined;
  const isFlow = register.outbound && instance !== undefined && regId !== undefined && /^\d+$/.test(regId);
  const params = new Map(address.params);
  params.delete("expires");
  return {
    contact: address.uri.raw,
    params,
    ...(instance === undefined ? {} : { instance }),
    ...(isFlow ? { regId } : {}),
    callId: register.callId,
    cseq: register.cseq,
    registeredAtMs: nowMs,
    expiresAtMs: nowMs + lifetimeS * 1_000,
    flow: register.flow,
    push,
  };
}

function isSameBinding(known: Binding, next: Binding): boolean {
  if (next.regId !== undefined && next.instance !== undefined)
    return known.instance === next.instance && known.regId !== undefined && Number(known.regId) === Number(next.regId);
  return isSameContact(known.contact, next.contact);
}

/** RFC 3261 section 19.1.4, but push tokens are told apart by every letter: another pn-prid is another binding. */
export function isSameContact(first: string, second: string): boolean {
  if (!sameUri(first, second)) return false;
  const [a, b] = [pridOf(first), pridOf(second)];
  return a === undefined || b === undefined || a === b;
}

function pridOf(contact: string): string | undefined {
  const value = /;\s*pn-prid\s*=\s*([^;?>\s]*)/i.exec(contact)?.[1];
  // The same unescaping as for a user part.
  return value === undefined ? undefined : (userOf(`sip:${value}@x`) ?? value);
}

/** RFC 3261 section 10.3 step 7: the same Call-ID needs a higher CSeq. */
function isOutdated(register: RegisterRequest, known: Binding): boolean {
  return known.callId === register.callId && register.cseq <= known.cseq;
}

/** The Contact header field of a 200 that lists the binding (RFC 3261 section 10.3 step 8). */
export function contactHeaderOf(binding: Binding, nowMs: number): HeaderLine {
  const params = [...binding.params].map(([name, value]) => {
    if (value === null) return `;${name}`;
    return /^[A-Za-z0-9\-.!%*_+`'~]+$/.test(value)
      ? `;${name}=${value}`
      : `;${name}="${value.replace(/["\\]/g, "\\$&")}"`;
  });
  const leftS = Math.max(0, Math.round((binding.expiresAtMs - nowMs) / 1_000));
  return ["Contact", `<${binding.contact}>${params.join("")};expires=${leftS}`];
}
