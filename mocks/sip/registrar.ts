import type { Clock } from "../../harness/clock/clock.ts";
import { messageOf } from "../../harness/errors.ts";
import type { Profile } from "../../harness/trace/run-facts.ts";
import { callId, contacts, cseq, expires, headerValues, to } from "../../harness/wire/headers.ts";
import type { SipRequest } from "../../harness/wire/sip-message.ts";
import { userOf } from "../../harness/wire/sip-uri.ts";
import {
  applyRegister,
  type Binding,
  type BindingChange,
  contactHeaderOf,
  type ExpiryLimits,
  liveBindings,
  type RegisterRequest,
} from "./bindings.ts";
import type { Credentials } from "./credentials.ts";
import { digestGuard } from "./digest-guard.ts";
import type { HeaderLine } from "./message-text.ts";
import { pushFieldsOf } from "./push-fields.ts";
import type { IncomingRequest } from "./server-transaction.ts";
import type { SipSocket } from "./sip-socket.ts";

/** What a plan makes of a REGISTER whose sender is known. */
export type RegisterAnswer =
  /** By the rules; `grantS` caps the lifetime in seconds. */
  | { readonly kind: "accept"; readonly grantS?: number }
  | {
      readonly kind: "reject";
      readonly status: number;
      readonly reason?: string;
      readonly headers?: readonly HeaderLine[];
    }
  /** No answer at all: the phone runs into its timer F. */
  | { readonly kind: "silence" }
  /** The flow is ended instead (RST on streams). */
  | { readonly kind: "drop" };

/** A REGISTER that passed the digest. */
export interface ReceivedRegister {
  /** `sip:user@domain` of the account. */
  readonly aor: string;
  readonly flow: string;
  readonly request: SipRequest;
  readonly register: RegisterRequest;
}

export type RegistrarEvent = { readonly aor: string; readonly flow: string; readonly request: SipRequest } & (
  | { readonly kind: "challenged"; readonly stale: boolean }
  /** Answered 200. A query adds and removes nothing. */
  | {
      readonly kind: "registered";
      readonly bindings: readonly Binding[];
      readonly added: readonly Binding[];
      readonly removed: readonly Binding[];
    }
  | { readonly kind: "refused"; readonly status: number }
  | { readonly kind: "silenced" }
  | { readonly kind: "dropped" }
);

export interface RegistrarAccount {
  readonly aor: string;
  readonly username: string;
  /** Absent: nobody is challenged. */
  readonly password?: string;
}

export interface RegistrarOptions {
  readonly clock: Clock;
  /** The domain it serves, also the realm of its challenges. */
  readonly domain: string;
  /** The account of a user part (escapes resolved); none: 404. */
  readonly accountOf: (user: string) => RegistrarAccount | undefined;
  readonly registration: Profile["registration"];
  /** @default 1 s, 7200 s, 3600 s */
  readonly expiry?: ExpiryLimits;
  /** How long a nonce is good for, in milliseconds. @default 300,000 */
  readonly nonceLifeMs?: number;
  /** What becomes of a REGISTER; a promise holds the answer back. @default accept */
  readonly answer?: (received: ReceivedRegister) => RegisterAnswer | Promise<RegisterAnswer>;
  readonly onEvent?: (event: RegistrarEvent) => void;
  /** RingTrue's own doing went wrong, such as an `answer` that failed. */
  readonly onFault: (message: string) => void;
}

/** The registrar of RFC 3261 section 10.3 with outbound (RFC 5626) and the push capability of RFC 8599. No GRUU. */
export interface Registrar {
  /** Answers a REGISTER that came over `flow`. */
  receive(incoming: IncomingRequest, flow: SipSocket): void;
  /** What is bound to `sip:user@domain` now, oldest first. */
  bindings(aor: string): readonly Binding[];
  /** Drops every binding of it without a word. */
  forget(aor: string): void;
}

const EXPIRY: ExpiryLimits = { minS: 1, maxS: 7_200, defaultS: 3_600 };
const NONCE_LIFE_MS = 300_000;

export function registrar(options: RegistrarOptions): Registrar {
  const { clock, domain, expiry = EXPIRY } = options;
  const guard = digestGuard({ realm: domain, nonceLifeMs: options.nonceLifeMs ?? NONCE_LIFE_MS });
  const table = new Map<string, readonly Binding[]>();

  function receive(incoming: IncomingRequest, flow: SipSocket): void {
    const { request } = incoming;
    const account = accountOf(request);
    if (account === undefined) {
      incoming.respond({ status: 404 });
      return;
    }
    const event = { aor: account.aor, flow: flow.flow, request };
    if (account.password !== undefined && !isKnown(incoming, { ...account, password: account.password }, event)) return;

    if (headerValues(request, "contact").length !== contacts(request).length) {
      incoming.respond({ status: 400, reason: "Unreadable Contact" });
      options.onEvent?.({ ...event, kind: "refused", status: 400 });
      return;
    }
    const received: ReceivedRegister = { ...event, register: readRegister(request, flow.flow) };
    const answer = options.answer?.(received) ?? { kind: "accept" };
    if ("kind" in answer) settle(incoming, flow, received, answer);
    else
      void answer
        .then((late) => settle(incoming, flow, received, late))
        .catch((error: unknown) => options.onFault(`a REGISTER held back: ${messageOf(error)}`));
  }

  function accountOf(request: SipRequest): RegistrarAccount | undefined {
    const uri = to(request)?.uri;
    const user = userOf(uri);
    if (uri === undefined || user === undefined || uri.host !== domain.toLowerCase()) return undefined;
    return options.accountOf(user);
  }

  /** Challenges or refuses, and then answers false. */
  function isKnown(
    incoming: IncomingRequest,
    credentials: Credentials,
    event: { readonly aor: string; readonly flow: string; readonly request: SipRequest },
  ): boolean {
    const nowMs = clock.now();
    const verdict = guard.judge(incoming.request, credentials, nowMs);
    if (verdict.kind === "right") return true;
    if (verdict.kind === "unfit") {
      incoming.respond({ status: 400, reason: verdict.why });
      options.onEvent?.({ ...event, kind: "refused", status: 400 });
      return false;
    }
    const stale = verdict.kind === "stale";
    incoming.respond({ status: 401, headers: [guard.challenge(stale, nowMs)] });
    options.onEvent?.({ ...event, kind: "challenged", stale });
    return false;
  }

  function readRegister(request: SipRequest, flow: string): RegisterRequest {
    return {
      callId: callId(request) ?? "",
      cseq: cseq(request)?.number ?? 0,
      contacts: contacts(request).map((address) =>
        address === "*" ? "*" : { address, push: pushFieldsOf(options.registration, request, address) },
      ),
      expiresS: expires(request),
      outbound: headerValues(request, "supported").includes("outbound"),
      flow,
    };
  }

  function settle(
    incoming: IncomingRequest,
    flow: SipSocket,
    received: ReceivedRegister,
    answer: RegisterAnswer,
  ): void {
    const { aor, request } = received;
    const event = { aor, flow: flow.flow, request };
    switch (answer.kind) {
      case "accept": {
        if (flow.state() === "closed") return; // held back for longer than the phone had
        const limits = answer.grantS === undefined ? expiry : { ...expiry, maxS: Math.min(expiry.maxS, answer.grantS) };
        const change = applyRegister(table.get(aor) ?? [], received.register, limits, clock.now());
        if (change.kind === "refused") {
          refuse(incoming, event, change);
          return;
        }
        table.set(aor, change.bindings);
        incoming.respond({ status: 200, headers: acceptance(change, received.register) });
        const { bindings, added, removed } = change;
        options.onEvent?.({ ...event, kind: "registered", bindings, added, removed });
        return;
      }
      case "reject":
        refuse(incoming, event, answer);
        return;
      case "silence":
        options.onEvent?.({ ...event, kind: "silenced" });
        return;
      case "drop":
        flow.drop();
        options.onEvent?.({ ...event, kind: "dropped" });
    }
  }

  function refuse(
    incoming: IncomingRequest,
    event: { readonly aor: string; readonly flow: string; readonly request: SipRequest },
    {
      status,
      reason,
      headers,
    }: { readonly status: number; readonly reason?: string; readonly headers?: readonly HeaderLine[] },
  ): void {
    incoming.respond({
      status,
      ...(reason === undefined ? {} : { reason }),
      ...(headers === undefined ? {} : { headers }),
    });
    options.onEvent?.({ ...event, kind: "refused", status });
  }

  function acceptance(change: BindingChange & { readonly kind: "changed" }, register: RegisterRequest): HeaderLine[] {
    const nowMs = clock.now();
    const lines = change.bindings.map((binding) => contactHeaderOf(binding, nowMs));
    if (change.outbound) lines.push(["Require", "outbound"]);
    const provider = register.contacts.flatMap((contact) =>
      contact === "*" ? [] : (contact.address.uri.params.get("pn-provider") ?? []),
    )[0];
    // RFC 8599 section 5.2: that requests will be held and the phone woken.
    if (provider !== undefined) lines.push(["Feature-Caps", `*;+sip.pns="${provider.replace(/["\\]/g, "\\$&")}"`]);
    return lines;
  }

  return {
    receive,
    bindings: (aor) => liveBindings(table.get(aor) ?? [], clock.now()),
    forget: (aor) => void table.delete(aor),
  };
}
