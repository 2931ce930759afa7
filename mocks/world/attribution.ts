import type { CallRef, CaseId, EventBody, PhoneRef } from "../../harness/trace/trace-event.ts";
import type { PushDecision, PushOutcome, PushServiceName, ReceivedPush } from "../push/push-hooks.ts";
import type { Between } from "./case-recorder.ts";
import type { Personas } from "./identities.ts";

/** What the world hands to a case under way. */
export interface CasePort {
  readonly caseId: CaseId;
  readonly nonce: string;
  /** The first phone of the account a call is for: who a push that names no known token is held to be meant for. */
  phoneOf(call: CallRef): PhoneRef | undefined;
  receivePush(phone: PhoneRef, push: ReceivedPush): PushDecision;
  respondedPush(phone: PhoneRef, push: ReceivedPush, outcome: PushOutcome): void;
  /** An event another case saw that names a caller of this one. */
  recordCrossed(between: Between, body: EventBody): void;
  targetExited(exit: { readonly code: number | null; readonly signal: string | null }): void;
}

/** A caller of a case under way, found in a message or payload. */
export interface Claim {
  readonly port: CasePort;
  readonly call: CallRef;
}

export interface PushOwner {
  readonly port: CasePort;
  readonly phone: PhoneRef;
}

export type TokenState = "current" | "replaced" | "unknown";

/**
 * Who is who on the wire, over all cases under way. An event belongs to the owner of its device token or socket; the
 * caller's URI in it says which call it is, and whether it was meant for somebody else.
 */
export interface Attribution {
  enter(port: CasePort, personas: Personas): void;
  /** The case is over; its tokens stay known, so that a late push is told from an invented one. */
  leave(port: CasePort): void;
  /** A push service issues a token to a phone. */
  issue(token: string, owner: PushOwner & { readonly service: PushServiceName }, replaces?: string): void;
  /** What that push service knows of a token. */
  tokenState(service: PushServiceName, token: string): TokenState;
  /** Whose a push is: its device token's, else that of the only call its text names. */
  ownerOf(token: string | undefined, text: string): PushOwner | undefined;
  /** Every call of a case under way whose caller the text names. */
  claims(text: string): readonly Claim[];
  readonly underWay: readonly CasePort[];
}

/** The tail that `makePersonas` gives every caller: `.<nonce>.<number of the call>`. */
const CALLER_TAIL = /\.([a-z0-9-]+)\.(\d{1,2})(?![\w-])/g;

export function attribution(): Attribution {
  const ports = new Map<string, { readonly port: CasePort; readonly calls: number }>();
  const tokens = new Map<string, PushOwner & { readonly service: PushServiceName; current: boolean }>();

  function claims(text: string): readonly Claim[] {
    const found = new Map<string, Claim>();
    for (const [tail, nonce, number] of text.matchAll(CALLER_TAIL)) {
      const entry = ports.get(nonce!);
      if (entry !== undefined && Number(number) <= entry.calls) {
        found.set(tail, { port: entry.port, call: `call:${Number(number)}` });
      }
    }
    return [...found.values()];
  }

  return {
    enter(port, personas) {
      ports.set(port.nonce, { port, calls: personas.calls.length });
    },
    leave(port) {
      ports.delete(port.nonce);
    },
    issue(token, owner, replaces) {
      const old = replaces === undefined ? undefined : tokens.get(replaces);
      if (old !== undefined) old.current = false;
      tokens.set(token, { ...owner, current: true });
    },
    tokenState(service, token) {
      const entry = tokens.get(token);
      if (entry?.service !== service) return "unknown";
      return entry.current ? "current" : "replaced";
    },
    ownerOf(token, text) {
      const entry = token === undefined ? undefined : tokens.get(token);
      if (entry !== undefined) return ports.get(entry.port.nonce)?.port === entry.port ? entry : undefined;
      const [claim, ...others] = claims(text);
      const phone = others.length === 0 ? claim?.port.phoneOf(claim.call) : undefined;
      return claim === undefined || phone === undefined ? undefined : { port: claim.port, phone };
    },
    claims,
    get underWay() {
      return [...ports.values()].map(({ port }) => port);
    },
  };
}
