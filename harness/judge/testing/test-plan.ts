import type { Call, Phone, Plan } from "../../plan/plan.ts";
import type { Role } from "../../trace/run-facts.ts";
import type { CaseIdentities } from "../../trace/trace.ts";
import type { Platform, Transport } from "../../trace/trace-event.ts";

/** What a test says of its plan; the rest is one sleeping iPhone, called once over UDP. */
export interface PlanChange {
  /** @default "server" */
  readonly role?: Role;
  readonly transport?: Transport;
  readonly phones?: readonly Partial<Phone>[];
  readonly calls?: readonly Partial<Call>[];
}

/** The plan of a test. It has no steps: judges read what happened, not what was meant to happen. */
export function testPlan(change: PlanChange = {}): Plan {
  return {
    scenario: "test",
    role: change.role ?? "server",
    transport: change.transport ?? "udp",
    phones: (change.phones ?? [{}]).map((phone) => ({
      platform: "ios",
      account: 1,
      app: "suspended",
      signalling: "closed",
      pushes: [],
      ...phone,
    })),
    calls: (change.calls ?? [{}]).map((call, index) => ({
      caller: { name: `Caller ${index + 1}`, number: `+4930100${index + 1}` },
      callee: 1,
      video: false,
      ...call,
    })),
    steps: [],
  };
}

/** `sip:account1@example.test`, ... */
export function testAor(account: number): string {
  return `sip:account${account}@example.test`;
}

/** Device token number `generation` (from 1) of a phone: 64 hex digits, or a registration token as FCM's look. */
export function testToken(phone: number, generation = 1, platform: Platform = "ios"): string {
  const digits = `${phone}${generation}`.padStart(4, "a");
  return platform === "ios" ? digits.repeat(16) : `${digits.repeat(5)}_-:APA91b${`${digits}Z`.repeat(26)}`;
}

/** What whole pushes of a call carry in the client role; the Call-ID is that of its INVITE. */
export function testPushKeys(call: number): {
  readonly callUUID: string;
  readonly callId: string;
  readonly hint: string;
} {
  return { callUUID: `00000000-0000-4000-8000-00000000000${call}`, callId: `caller-leg-${call}`, hint: `hint-${call}` };
}

/** Identities of `testPlan`: callers are named by their number, tokens by their phone. */
export function testIdentities(plan: Plan): CaseIdentities {
  return {
    phones: Object.fromEntries(
      plan.phones.map((phone, index) => [
        `phone:${index + 1}`,
        {
          aor: testAor(phone.account),
          tokens: [testToken(index + 1, 1, phone.platform)],
          ...(phone.platform === "ios"
            ? { provider: "apns", param: "TEAM123456.test.example.app.voip" }
            : { provider: "fcm", param: "test-project" }),
        },
      ]),
    ),
    calls: Object.fromEntries(
      plan.calls.map((call, index) => [
        `call:${index + 1}`,
        {
          callerUri: `sip:${call.caller.number}@example.test`,
          callerName: call.caller.name,
          calleeAor: testAor(call.callee),
          callId: `caller-leg-${index + 1}`,
          ...(plan.role === "client" ? { push: testPushKeys(index + 1) } : {}),
        },
      ]),
    ),
  };
}
