import { randomBytes } from "node:crypto";
import { cseqOf, parseNameAddress, parseUri, randomTag, splitValues, textOf } from "../sip-fields.ts";
import { type Header, header, NO_BODY, type SipRequest, type SipResponse, valueOf, valuesOf } from "../sip-message.ts";
import type { Cancel, Timers } from "../timers.ts";
import { type Challenge, challengeIn, credentialsFor } from "./digest.ts";
import type { ClientFault } from "./faults.ts";
import { contactParams, type LinkProfile, type PushRegistration, tokenHeader } from "./link-profile.ts";
import type { Registrar } from "./sip-flow.ts";
import type { UserAgent } from "./user-agent.ts";

export interface Account {
  /** `sip:user@domain` */
  readonly aor: string;
  readonly username: string;
  readonly password: string;
  readonly displayName: string;
  readonly registrar: Registrar;
}

export interface RegistrationOptions {
  readonly account: Account;
  readonly profile: LinkProfile;
  /** What the push fields must say now; without a token there are none. */
  readonly push: () => PushRegistration;
  /** `urn:uuid:...` of the phone, the same for ever (RFC 5626 section 4.1). */
  readonly instance: string;
  readonly agent: () => UserAgent;
  readonly timers: Timers;
  readonly fault: ClientFault;
  readonly onRegistered: () => void;
  /** `forGood`: trying again would not help. */
  readonly onFailed: (forGood: boolean) => void;
}

/** The binding of one account (RFC 3261 section 10.2, RFC 5626, RFC 8599). */
export interface Registration {
  readonly isRegistered: boolean;
  /** Sends a REGISTER over the flow that is open; else the one that opens does. */
  refresh(): void;
  /** The flow is another one. */
  flowOpened(): void;
  flowLost(): void;
  /** The token is another one, or void. */
  tokenChanged(): void;
  /** Removes the binding; `done` in any case. */
  remove(done: () => void): void;
  /** What the leaking fault lets out. */
  leak(): { readonly params: string; readonly headers: readonly Header[] };
}

const EXPIRES_S = 600;
const RETRY_MS = 1000;
const RETRY_MAX_MS = 30_000;
const NOTHING = { params: "", headers: [] };

export function registration(options: RegistrationOptions): Registration {
  const { account, profile, instance, timers, fault } = options;
  const { registrar, aor } = account;
  const callId = `${randomBytes(12).toString("hex")}@app`;
  const fromTag = randomTag();
  /** Outbound replaces the binding of a flow that is gone (RFC 5626); without it the old Contact is removed. */
  const isOutbound = registrar.transport !== "udp" && fault !== "leaves-old-binding";
  let cseq = 0;
  let contactUser = newContactUser();
  let wanted = false;
  let isRegistered = false;
  let failures = 0;
  let challenge: Challenge | undefined;
  let nonceCount = 0;
  let stopTimer: Cancel = () => {};
  /** Tokens of the REGISTERs under way. */
  const underWay: string[] = [];
  let again = false;

  /** One refresh has the CSeq of the REGISTER before it. */
  let hasRepeatedCseq = fault !== "repeats-cseq";
  const nextCseq = (): number => {
    if (!hasRepeatedCseq && isRegistered) hasRepeatedCseq = true;
    else cseq += 1;
    return cseq;
  };
  const { push } = options;
  const uriParams = (withToken = true): string =>
    contactParams(profile, push(), withToken)
      .filter(([, value]) => fault !== "forgets-push-parameters" || value === push().token)
      .map(([name, value]) => `;${name}=${escaped(value)}`)
      .join("");
  const transportParam = registrar.transport === "udp" ? "" : `;transport=${registrar.transport}`;
  const hostPart = (): string => options.agent().flow?.sentBy ?? "";

  function contactOf(withToken: boolean, lifetime: number): string {
    const flow = isOutbound ? ";reg-id=1" : "";
    const uri = `sip:${contactUser}@${hostPart()}${transportParam}${uriParams(withToken)}`;
    return `<${uri}>;+sip.instance="<${instance}>"${flow};expires=${lifetime}`;
  }

  function register(contact: string, expiresS: number, more: readonly Header[]): SipRequest {
    const uri = `sip:${registrar.domain}`;
    return {
      kind: "request",
      method: "REGISTER",
      uri,
      headers: [
        header("Max-Forwards", "70"),
        header("From", `<${aor}>;tag=${fromTag}`),
        header("To", `<${aor}>`),
        header("Call-ID", callId),
        header("CSeq", `${nextCseq()} REGISTER`),
        header("Contact", contact),
        header("Expires", String(expiresS)),
        header("Supported", isOutbound ? "path, outbound" : "path"),
        ...more,
      ],
      body: NO_BODY,
    };
  }

  /** Sends it with the credentials known so far; a challenge is met once, and once more when the nonce was stale. */
  function send(request: SipRequest, onFinal: (response: SipResponse | undefined) => void, tries = 2): void {
    let signed = request;
    if (challenge !== undefined) {
      nonceCount += 1;
      const given = fault === "wrong-digest" ? { ...account, password: `${account.password}?` } : account;
      const value = credentialsFor(challenge, given, request, nonceCount);
      signed = { ...request, headers: [...request.headers, header(challenge.header, value)] };
    }
    options.agent().request(signed, {
      onResponse: (response) => {
        if (response.status < 200) return;
        const asked = response.status === 401 || response.status === 407 ? challengeIn(response) : undefined;
        if (asked === undefined || tries === 0 || (tries === 1 && !asked.stale)) {
          onFinal(response);
          return;
        }
        challenge = asked;
        nonceCount = 0;
        send(withCseq(request, nextCseq()), onFinal, tries - 1);
      },
      onFailed: () => onFinal(undefined),
    });
  }

  function refresh(): void {
    const agent = options.agent();
    const sends = agent.flow;
    if (sends === undefined) {
      wanted = true;
      agent.open();
      return;
    }
    const key = `${contactUser} ${push().token ?? ""}`;
    // RFC 3261 section 10.2: no new Contact before the REGISTER under way has its answer.
    if (underWay.some((other) => other !== key)) {
      again = true;
      return;
    }
    wanted = false;
    stopTimer();
    underWay.push(key);
    const field = tokenHeader(profile, push());
    const more = field === undefined ? [] : [header(field.name, field.value)];
    send(register(contactOf(true, EXPIRES_S), EXPIRES_S, more), (response) => {
      underWay.splice(underWay.indexOf(key), 1);
      if (sends !== agent.flow && response === undefined) return;
      settled(response);
      if (again && underWay.length === 0) {
        again = false;
        refresh();
      }
    });
  }

  function settled(response: SipResponse | undefined): void {
    const status = response?.status ?? 408;
    if (response !== undefined && status < 300) {
      isRegistered = true;
      failures = 0;
      const grantedS = grantedIn(response, contactUser) ?? EXPIRES_S;
      stopTimer();
      stopTimer = timers.after((grantedS > 120 ? grantedS - 60 : grantedS / 2) * 1000, refresh);
      removeOthers(response);
      options.onRegistered();
      return;
    }
    isRegistered = false;
    failures += 1;
    const forGood = status < 500 && status !== 408;
    if (!forGood) {
      const afterS = Number(/^\d{1,5}/.exec((response && valueOf(response, "retry-after")) ?? "")?.[0] ?? 0);
      stopTimer();
      stopTimer = timers.after(
        Math.max(afterS * 1000, Math.min(RETRY_MS * 2 ** (failures - 1), RETRY_MAX_MS)),
        refresh,
      );
    }
    options.onFailed(forGood);
  }

  /** Bindings of this phone that are not the present one: of a token, a flow or a process that is gone. */
  function removeOthers(response: SipResponse): void {
    if (fault === "leaves-old-binding" && push().token !== undefined) return;
    for (const { uri, instance: theirs } of contactsIn(response)) {
      if (theirs !== `<${instance}>` || userIn(uri) === contactUser) continue;
      send(register(`<${withoutToken(uri)}>;expires=0`, 0, []), () => {});
    }
  }
  /** RFC 8599 section 4.1.2. */
  function withoutToken(uri: string): string {
    if (fault === "deregisters-with-prid") return uri;
    const named = contactParams(profile, { ...push(), token: "t" }).map(([name]) => name);
    const kept = contactParams(profile, { ...push(), token: "t" }, false).map(([name]) => name);
    const secret = new Set(named.filter((name) => !kept.includes(name)).map((name) => name.toLowerCase()));
    return uri
      .split(";")
      .filter((part) => !secret.has((part.split("=")[0] ?? "").trim().toLowerCase()))
      .join(";");
  }

  return {
    get isRegistered() {
      return isRegistered;
    },
    refresh,
    flowOpened() {
      isRegistered = false;
      contactUser = newContactUser();
      underWay.length = 0;
      again = false;
      if (wanted || failures > 0 || cseq > 0) refresh();
    },
    flowLost() {
      isRegistered = false;
      wanted ||= cseq > 0;
      stopTimer();
    },
    tokenChanged() {
      // Another pn-prid is another binding; a name of its own lets the old one be removed without the old token.
      if (!isOutbound && cseq > 0 && tokenHeader(profile, { ...push(), token: "t" }) === undefined)
        contactUser = newContactUser();
      refresh();
    },
    remove(done) {
      stopTimer();
      wanted = false;
      if (options.agent().flow === undefined || cseq === 0) {
        done();
        return;
      }
      isRegistered = false;
      const stopWaiting = timers.after(REMOVAL_MS, done);
      send(register(contactOf(fault === "deregisters-with-prid", 0), 0, []), () => {
        stopWaiting();
        done();
      });
    },
    leak() {
      if (fault !== "leaks-push-parameters") return NOTHING;
      const field = tokenHeader(profile, push());
      return { params: uriParams(), headers: field === undefined ? [] : [header(field.name, field.value)] };
    },
  };
}

const REMOVAL_MS = 2000;

function newContactUser(): string {
  return randomBytes(5).toString("hex");
}

function contactsIn(
  response: SipResponse,
): readonly { readonly uri: string; readonly instance: string | undefined; readonly expires: string | undefined }[] {
  return valuesOf(response, "contact")
    .flatMap((value) => splitValues(value))
    .flatMap((value) => {
      const address = parseNameAddress(value);
      if (address === undefined) return [];
      const { uri, params } = address;
      return [{ uri, instance: textOf(params.get("+sip.instance")), expires: textOf(params.get("expires")) }];
    });
}

function grantedIn(response: SipResponse, user: string): number | undefined {
  const own = contactsIn(response).find(({ uri }) => userIn(uri) === user)?.expires ?? valueOf(response, "expires");
  return own !== undefined && /^\d{1,10}$/.test(own) ? Number(own) : undefined;
}

function userIn(uri: string): string | undefined {
  return parseUri(uri)?.user;
}

function withCseq(request: SipRequest, number: number): SipRequest {
  const { method } = cseqOf(request) ?? { method: request.method };
  return {
    ...request,
    headers: request.headers.map((field) =>
      field.name === "cseq" ? { ...field, value: `${number} ${method}` } : field,
    ),
  };
}

/** RFC 3261 section 25.1: what may stand in a URI parameter as it is. */
function escaped(value: string): string {
  return value.replaceAll(/[^A-Za-z0-9\-_.!~*'()[\]/:&+$]/g, (char) => encodeURIComponent(char));
}
