import type { Fault } from "./faults.ts";
import type { Profile } from "./profile.ts";
import {
  callIdOf,
  cseqOf,
  type NameAddress,
  parseNameAddress,
  parseUri,
  sameContact,
  splitValues,
  textOf,
} from "./sip-fields.ts";
import type { Provider } from "./push-service.ts";
import { type Header, header, type SipRequest, valueOf, valuesOf } from "./sip-message.ts";
import { tokenReader } from "./token-reader.ts";
import type { Flow } from "./transport.ts";

/** One place an account can be reached at. */
export interface Binding {
  /** What stays the same while the phone changes sockets: instance and reg-id (RFC 5626), else the token, else the Contact. */
  readonly device: string;
  /** The Contact URI as spelled. */
  readonly uri: string;
  /** `+sip.instance` and reg-id, when both the phone gave them. */
  readonly instance: string | undefined;
  readonly token: string | undefined;
  /** The push service that knows the token; of no meaning without one. */
  readonly provider: Provider;
  readonly flow: Flow;
  readonly registeredAtMs: number;
  readonly expiresAtMs: number;
  readonly callId: string;
  readonly cseq: number;
  /** The binding this phone had first, and the token it had before: for the faults that use what is stale. */
  readonly first?: Binding;
  readonly previousToken?: string;
}

export interface Registration {
  readonly status: number;
  readonly headers: readonly Header[];
  /** What the REGISTER bound or refreshed, each with the devices it takes the place of. */
  readonly bound: readonly { readonly binding: Binding; readonly replaces: readonly string[] }[];
}

export interface Registrar {
  register(aor: string, request: SipRequest, flow: Flow): Registration;
  /** Where the account can be reached or woken, oldest first. */
  bindingsOf(aor: string): readonly Binding[];
  /**
   * The push service says that the token leads nowhere: since `sinceMs` (epoch), or as of now. A phone that registered later
   * is not meant (it has a new life).
   */
  tokenDied(aor: string, token: string, sinceMs: number | undefined): void;
}

const DEFAULT_EXPIRES_S = 3600;

/**
 * Bindings of all accounts (RFC 3261 10.3), with the flow and the push token of each. `providers`: the push services there
 * are; `nowMs`: epoch milliseconds.
 */
export function createRegistrar(
  profile: Profile,
  providers: readonly Provider[],
  fault: Fault,
  nowMs: () => number,
): Registrar {
  const accounts = new Map<string, readonly Binding[]>();
  const readToken = tokenReader(profile);

  const reachable = (aor: string): readonly Binding[] => {
    const now = nowMs();
    const keepsToken = profile.tokenLifetime === "until-unregistered";
    return (accounts.get(aor) ?? []).filter((one) => one.expiresAtMs > now || (keepsToken && one.token !== undefined));
  };
  const store = (aor: string, bindings: readonly Binding[]): void => {
    if (bindings.length === 0) accounts.delete(aor);
    else accounts.set(aor, bindings);
  };

  const register = (aor: string, request: SipRequest, flow: Flow): Registration => {
    const refuse = (status: number, headers: readonly Header[] = []): Registration => ({ status, headers, bound: [] });
    const values = valuesOf(request, "contact").flatMap(splitValues);
    const callId = callIdOf(request);
    const cseq = cseqOf(request)?.number ?? 0;
    const general = valueOf(request, "expires");
    let bindings = reachable(aor);
    const outOfOrder = (one: Binding): boolean => one.callId === callId && cseq <= one.cseq;
    if (values.includes("*")) {
      if (values.length > 1 || general?.trim() !== "0") return refuse(400);
      if (bindings.some(outOfOrder)) return refuse(500);
      store(aor, fault === "push-after-log-out" ? bindings.map(asleep) : []);
      return { status: 200, headers: [], bound: [] };
    }
    const contacts: { readonly contact: NameAddress; readonly expiresS: number }[] = [];
    let named: string | undefined;
    for (const value of values) {
      const contact = parseNameAddress(value);
      const uri = contact === undefined ? undefined : parseUri(contact.uri);
      if (contact === undefined || uri === undefined) return refuse(400);
      named ??= textOf(uri.params.get("pn-provider")) ?? (uri.params.has("pn-provider") ? "" : undefined);
      contacts.push({ contact, expiresS: seconds(textOf(contact.params.get("expires")) ?? general) });
    }
    const served = named === undefined ? [] : providers.filter((one) => named === "" || one === named.toLowerCase());
    // RFC 8599 8.1.
    if (named !== undefined && served.length === 0) return refuse(555);
    const bound: { readonly binding: Binding; readonly replaces: readonly string[] }[] = [];
    const removed: Binding[] = [];
    // Removals go first, so that one REGISTER can put a new Contact in the place of an old one.
    for (const { contact, expiresS } of contacts.toSorted((a, b) => Number(a.expiresS > 0) - Number(b.expiresS > 0))) {
      const { token, provider } = readToken(request, contact.uri) ?? { token: undefined, provider: "apns" };
      const instance = instanceOf(contact);
      const fresh = { uri: contact.uri, instance, token, provider };
      if (bindings.some((one) => isSame(one, fresh) && outOfOrder(one))) return refuse(500);
      if (expiresS === 0) {
        const gone = (one: Binding): boolean => isSame(one, fresh) && (token === undefined || one.token === token);
        removed.push(...bindings.filter(gone));
        bindings =
          fault === "push-after-log-out"
            ? bindings.map((one) => (gone(one) ? asleep(one) : one))
            : bindings.filter((one) => !gone(one));
        continue;
      }
      const replaced = bindings.filter((one) => isSame(one, fresh) || (token !== undefined && one.token === token));
      const now = nowMs();
      const predecessor = replaced[0] ?? removed[0];
      const previousToken = predecessor?.token === token ? predecessor?.previousToken : predecessor?.token;
      const binding: Binding = {
        ...fresh,
        device: instance ?? token ?? `<${contact.uri}>`,
        flow,
        registeredAtMs: now,
        expiresAtMs: now + expiresS * 1000,
        callId,
        cseq,
        ...(predecessor === undefined ? {} : { first: predecessor.first ?? predecessor }),
        ...(previousToken === undefined ? {} : { previousToken }),
      };
      bindings = [...bindings.filter((one) => !replaced.includes(one)), binding];
      bound.push({ binding, replaces: [...replaced, ...removed].map((one) => one.device) });
    }
    store(aor, bindings);
    return { status: 200, headers: [...contactList(bindings, nowMs()), ...featureCaps(served)], bound };
  };

  const contactList = (bindings: readonly Binding[], now: number): readonly Header[] => {
    if (fault === "register-200-without-contact") return [];
    return bindings
      .filter((one) => one.expiresAtMs > now)
      .map((one) =>
        header("Contact", `<${one.uri}>;expires=${Math.ceil((one.expiresAtMs - now) / 1000)}${instanceParams(one)}`),
      );
  };
  /** RFC 8599 4.1.1: the service the phone named, or all there are where it asks by naming none. */
  const featureCaps = (served: readonly Provider[]): readonly Header[] =>
    fault === "no-feature-caps" ? [] : served.map((one) => header("Feature-Caps", `*;+sip.pns="${one}"`));

  return {
    register,
    bindingsOf: reachable,
    tokenDied: (aor, token, sinceMs) => {
      if (fault === "keeps-unregistered-token") return;
      const survives = (one: Binding): boolean =>
        fault !== "drops-token-on-old-410" && sinceMs !== undefined && sinceMs <= one.registeredAtMs;
      store(
        aor,
        (accounts.get(aor) ?? []).filter((one) => one.token !== token || survives(one)),
      );
    },
  };
}

function isSame(binding: Binding, contact: { readonly uri: string; readonly instance: string | undefined }): boolean {
  if (binding.instance !== undefined && contact.instance !== undefined) return binding.instance === contact.instance;
  return sameContact(binding.uri, contact.uri);
}

/** RFC 5626 6: instance and reg-id together name a binding; without reg-id the instance alone will do. */
function instanceOf(contact: NameAddress): string | undefined {
  const instance = textOf(contact.params.get("+sip.instance"));
  return instance === undefined ? undefined : `${instance}|${textOf(contact.params.get("reg-id")) ?? ""}`;
}

function instanceParams(binding: Binding): string {
  if (binding.instance === undefined) return "";
  const [instance = "", regId = ""] = binding.instance.split("|");
  return `;+sip.instance="${instance}"${regId === "" ? "" : `;reg-id=${regId}`}`;
}

function seconds(text: string | undefined): number {
  // RFC 3261 20.19: a malformed value counts as 3600.
  return text !== undefined && /^\d{1,9}$/.test(text.trim()) ? Number(text) : DEFAULT_EXPIRES_S;
}

/** A binding that only its token is left of. */
function asleep(binding: Binding): Binding {
  return {
    ...binding,
    expiresAtMs: Number.MAX_SAFE_INTEGER,
    flow: { ...binding.flow, open: false, send: () => undefined },
  };
}
