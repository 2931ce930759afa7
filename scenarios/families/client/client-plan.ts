import type { Call, Plan, Step } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { Transport } from "../../../harness/trace/trace-event.ts";
import { clientPhone, type ClientPhoneParts } from "../../arbitraries/client/client-phone.ts";
import { callers } from "../plan-for.ts";

/** What of a hand-picked plan for a client target differs from the ordinary: one suspended app, one voice call. */
export interface ClientParts {
  /** Absent: the first the target declares. */
  readonly transport?: Transport;
  readonly phones?: readonly ClientPhone[];
  readonly calls?: readonly Partial<Call>[];
  readonly steps: readonly Step[];
}

/** Without a platform: of those the target declares, in turn. */
export type ClientPhone = Partial<ClientPhoneParts>;

/** Each phone has an account of its own, 1 first. */
export function clientPlan(scenario: string, facts: RunFacts, parts: ClientParts): Plan {
  const { platforms, transports } = facts.features;
  const phones = (parts.phones ?? [{}]).map((phone, i) =>
    clientPhone(i + 1, { ...phone, platform: phone.platform ?? platforms[i % platforms.length] ?? "ios" }),
  );
  const calls = (parts.calls ?? [{}]).map((call, i): Call => ({
    caller: callers[i % callers.length]!,
    callee: 1,
    video: false,
    ...call,
  }));
  return {
    scenario,
    role: "client",
    transport: parts.transport ?? transports[0] ?? "udp",
    phones,
    calls,
    steps: parts.steps,
  };
}

/** Whether the target's profile and its kind of Telecom have what the plan is about. */
export function suits({ calls, steps }: Plan, { profile, app }: RunFacts): boolean {
  if (profile.correlation.sip === "call-id" && calls.some(({ invite }) => invite?.withoutKey === true)) return false;
  return steps.every(({ do: action }) => {
    if (action.kind === "push.send" && action.form === "cancel") return profile.cancelByPush !== false;
    return !("through" in action && action.through === "telecom" && app?.telecom === "none");
  });
}
