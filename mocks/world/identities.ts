import { hash } from "node:crypto";
import type { Plan } from "../../harness/plan/plan.ts";
import type { Lease } from "../../harness/run/world.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { CallRef, PhoneRef, Platform } from "../../harness/trace/trace-event.ts";
import { deviceToken } from "./device-tokens.ts";

/** Who one phone of a plan is on the wire. */
export interface PhonePersona {
  readonly ref: PhoneRef;
  readonly aor: string;
  readonly user: string;
  readonly password?: string;
  /** RFC 5626 4.1: one per phone, the same after every wake-up. */
  readonly instance: string;
  readonly provider: string;
  readonly param: string;
  /** The nth device token (from 0) the push service issues to this phone. */
  readonly token: (nth: number) => string;
}

/** Who the caller of one call of a plan is on the wire. */
export interface CallPersona {
  readonly ref: CallRef;
  readonly callerUser: string;
  readonly callerUri: string;
  readonly callerName: string;
  readonly calleeAor: string;
  readonly callId: string;
  /** The keys that whole pushes of the call carry. */
  readonly push: { readonly callUUID: string; readonly callId: string; readonly hint: string };
}

export interface Personas {
  readonly phones: readonly PhonePersona[];
  readonly calls: readonly CallPersona[];
}

/**
 * Makes every subscriber, token and caller URI of one play from its nonce, so that no two plays share any of them and
 * a replay of the same plan still meets a server that has never seen its people. An app is called by the plan's own numbers: its
 * account and our Call-IDs tell which play it is in.
 */
export function makePersonas(plan: Plan, lease: Lease, facts: RunFacts): Personas {
  const { domain } = facts.sip;
  const accountOf = (account: number): { aor: string; user: string; password?: string } => {
    const leased = lease.accounts?.[account - 1];
    if (leased === undefined)
      return { aor: `sip:callee${account}-${lease.nonce}@${domain}`, user: `callee${account}-${lease.nonce}` };
    return {
      aor: leased.aor,
      user: leased.username,
      ...(leased.password === undefined ? {} : { password: leased.password }),
    };
  };
  const phones = plan.phones.map((phone, index): PhonePersona => {
    const ref: PhoneRef = `phone:${index + 1}`;
    return {
      ref,
      ...accountOf(phone.account),
      instance: `urn:uuid:${uuidOf(`${lease.nonce} ${ref} instance`)}`,
      ...pushIdentity(phone.platform, facts),
      token: (nth) => deviceToken(phone.platform, `${lease.nonce} ${ref} token ${nth}`),
    };
  });
  const calls = plan.calls.map((call, index): CallPersona => {
    const ref: CallRef = `call:${index + 1}`;
    const { number } = call.caller;
    const callerUser = plan.role === "client" ? number : `${number}.${lease.nonce}.${index + 1}`;
    const callId = `${digestOf(`${lease.nonce} call ${index}`).slice(0, 24)}@ringtrue.invalid`;
    return {
      ref,
      callerUser,
      callerUri: `sip:${callerUser}@${domain}`,
      callerName: call.caller.name,
      calleeAor: accountOf(call.callee).aor,
      callId,
      push: {
        callUUID: uuidOf(`${lease.nonce} ${ref} uuid`),
        callId,
        hint: digestOf(`${lease.nonce} ${ref} hint`).slice(0, 20),
      },
    };
  });
  return { phones, calls };
}

function digestOf(text: string): string {
  return hash("sha256", text);
}

/** A UUID of version 4 for this seed. */
function uuidOf(seed: string): string {
  const id = digestOf(seed);
  return `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20, 32)}`;
}

/** RFC 8599 10: of APNs, the team and the topic of the app; 11: of FCM, the project. */
function pushIdentity(platform: Platform, { apns, fcm }: RunFacts): Pick<PhonePersona, "provider" | "param"> {
  return platform === "ios"
    ? { provider: "apns", param: `${apns.teamId}.${apns.topic}` }
    : { provider: "fcm", param: fcm.projectId };
}
