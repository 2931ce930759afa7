import type { Clock } from "../../harness/clock/clock.ts";
import { messageOf } from "../../harness/errors.ts";
import { describeAction } from "../../harness/plan/describe-step.ts";
import type { Action, Plan } from "../../harness/plan/plan.ts";
import { stepScheduler, type DueStep } from "../../harness/plan/step-scheduler.ts";
import type { Lease } from "../../harness/run/world.ts";
import { traceRecorder } from "../../harness/trace/recorder.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { CallRef, PhoneRef, Transport } from "../../harness/trace/trace-event.ts";
import type { CaseIdentities, Trace } from "../../harness/trace/trace.ts";
import { apnsDeviceStore } from "../apns/device-store.ts";
import { fcmDeviceStore } from "../fcm/device-store.ts";
import type { Attribution, CasePort } from "./attribution.ts";
import { callDirectory } from "./call-directory.ts";
import { callerPlayer, type CallerPlayer } from "./caller-player.ts";
import type { CaseContext, SipTarget } from "./case-context.ts";
import { caseEnding } from "./case-ending.ts";
import { casePushes } from "./case-pushes.ts";
import { caseRecorder } from "./case-recorder.ts";
import { makePersonas } from "./identities.ts";
import { pendingTimers } from "./pending-timers.ts";
import { phonePlayer, type PhonePlayer } from "./phone-player.ts";

/** What a world lends to each of its cases. */
export interface CaseSurroundings {
  readonly facts: RunFacts;
  readonly clock: Clock;
  readonly lagMs: () => number;
  readonly attribution: Attribution;
  readonly targetOn: (transport: Transport) => SipTarget;
  readonly bind: string;
}

/** After the trace is taken, calls and bindings get this long to be taken down in an orderly way. */
const FAREWELL_MS = 400;

/** Plays one plan and gives its trace. Throws nothing for what the target does; the sockets of the case are closed when it resolves. */
export async function playCase(
  plan: Plan,
  lease: Lease,
  surroundings: CaseSurroundings,
  signal: AbortSignal,
): Promise<Trace> {
  const { facts, clock, attribution } = surroundings;
  const personas = makePersonas(plan, lease, facts);
  const recorder = caseRecorder(traceRecorder({ clock, lagMs: surroundings.lagMs }));
  const scheduler = stepScheduler(plan);
  const timers = pendingTimers(clock, () => ending.changed());
  let setUp = false;

  const phones = new Map<PhoneRef, PhonePlayer>();
  const callers = new Map<CallRef, CallerPlayer>();
  const directory = callDirectory(plan, personas, facts.profile);

  function fault(message: string): void {
    recorder.record({ from: "harness", to: "harness", by: "world" }, { kind: "harness.fault", message });
    ending.end({ kind: "harness-fault", atMs: clock.now(), message });
  }

  const pushes = casePushes({
    recorder,
    timers,
    directory,
    attribution,
    phones,
    clock,
    stores: { apns: apnsDeviceStore(), fcm: fcmDeviceStore() },
  });
  const port: CasePort = {
    caseId: lease.caseId,
    nonce: lease.nonce,
    phoneOf(call) {
      const account = plan.calls[Number(call.slice("call:".length)) - 1]?.callee;
      const index = plan.phones.findIndex((phone) => phone.account === account);
      return index < 0 ? undefined : `phone:${index + 1}`;
    },
    receivePush: pushes.receive,
    respondedPush: pushes.responded,
    recordCrossed: (between, body) => void recorder.record(between, body),
    targetExited({ code, signal: killedBy }) {
      recorder.record(
        { from: "target", to: "harness", by: "target" },
        { kind: "target.exited", code, signal: killedBy },
      );
      const how = killedBy === null ? `exit code ${code}` : killedBy;
      ending.end({ kind: "target-died", atMs: clock.now(), how });
    },
  };
  const context: CaseContext = {
    plan,
    facts,
    clock,
    port,
    recorder,
    timers,
    directory,
    attribution,
    targetOn: surroundings.targetOn,
    bind: surroundings.bind,
    fault,
    changed: () => ending.changed(),
  };
  for (const [index, phone] of plan.phones.entries()) {
    const persona = personas.phones[index]!;
    phones.set(
      persona.ref,
      phonePlayer(context, phone, persona, () => pushes.phoneIsBack(persona.ref)),
    );
  }
  for (const [index, call] of plan.calls.entries()) {
    const persona = personas.calls[index]!;
    callers.set(persona.ref, callerPlayer(context, call, persona));
  }

  const ending = caseEnding(clock, facts.deadlines, waitsFor);
  const abort = (): void => ending.end({ kind: "interrupted", atMs: clock.now() });
  signal.addEventListener("abort", abort, { once: true });
  attribution.enter(port, personas);
  const stopListening = recorder.onEvent((event) => {
    ending.observe(event);
    for (const due of scheduler.observe(event)) schedule(due);
  });

  try {
    void prepare();
    if (signal.aborted) abort();
    const end = await ending.ended;
    stopListening();
    timers.close();
    const unreached = scheduler.unreached().map(({ step, action, anchor }) => ({ step, action, anchor }));
    for (const { step, action, anchor } of unreached) {
      recorder.duringStep(step, () => {
        recorder.record({ from: "harness", to: "harness", by: "world" }, { kind: "step.unreached", action, anchor });
      });
    }
    const trace: Trace = {
      schema: "ringtrue.trace/1",
      scope: "case",
      case: lease.caseId,
      facts,
      plan,
      identities: identitiesOf(),
      // A copy: what the farewell still stirs up is no evidence of this case.
      events: [...recorder.events],
      end,
    };
    if (end.kind !== "target-died") await farewell();
    return trace;
  } finally {
    signal.removeEventListener("abort", abort);
    attribution.leave(port);
    timers.close();
    await Promise.all([...phones.values(), ...callers.values()].map((player) => player.close()));
  }

  async function prepare(): Promise<void> {
    try {
      await Promise.all([...phones.values(), ...callers.values()].map((player) => player.setUp()));
      setUp = true;
      for (const due of scheduler.started(recorder.events.length)) schedule(due);
      ending.changed();
    } catch (error) {
      fault(`setting up the case failed: ${messageOf(error)}`);
    }
  }

  function waitsFor(): string | undefined {
    if (!setUp) return "the phones' first registrations";
    if (timers.pending > 0) return "a step, push answer or push delivery that is due";
    for (const [ref, phone] of phones) if (phone.registering > 0) return `the registration of ${ref}`;
    for (const [ref, caller] of callers) {
      const ringing = [...phones.values()].some((phone) => phone.ringsFor(ref));
      const waiting = caller.waitsFor(ringing);
      if (waiting !== undefined) return waiting;
    }
    return undefined;
  }

  function schedule({ step, delayMs, cause }: DueStep): void {
    timers.after(delayMs, () => {
      const action = plan.steps[step]!.do;
      recorder.duringStep(step, () => {
        recorder.record(
          { from: "harness", to: "harness", by: "world", ...(cause === undefined ? {} : { cause }), ...refsOf(action) },
          { kind: "step.played", action: describeAction(action) },
        );
        act(action);
      });
    });
  }

  function act(action: Action): void {
    switch (action.kind) {
      case "caller.call":
        callers.get(action.call)?.place();
        return;
      case "caller.hang-up":
        callers.get(action.call)?.hangUp();
        return;
      case "phone.wake":
        phones.get(action.phone)?.wake();
        return;
      case "phone.register":
        phones.get(action.phone)?.register();
        return;
      case "phone.log-out":
        phones.get(action.phone)?.logOut();
        return;
      case "phone.rotate-token":
        phones.get(action.phone)?.rotateToken();
        return;
      case "phone.kill-app":
        phones.get(action.phone)?.killApp();
        return;
      case "phone.lose-network":
        phones.get(action.phone)?.loseNetwork();
        return;
      case "user.answer":
        phones.get(action.phone)?.answer(action.call);
        return;
      case "user.decline":
        phones.get(action.phone)?.decline(action.call, action.status ?? 486);
        return;
      case "user.hang-up":
        phones.get(action.phone)?.hangUp(action.call);
        return;
      case "wire.lose":
      case "wire.duplicate": {
        const { at } = action.match;
        const player = at.startsWith("phone:") ? phones.get(at as PhoneRef) : callers.get(at as CallRef);
        player?.wire.add(action.kind === "wire.lose" ? "lose" : "duplicate", action.match, action.count);
      }
    }
  }

  async function farewell(): Promise<void> {
    for (const caller of callers.values()) caller.leave();
    let cancel = (): void => {};
    const deadline = new Promise<void>((resolve) => {
      cancel = clock.after(FAREWELL_MS, resolve);
    });
    await Promise.race([deadline, Promise.allSettled([...phones.values()].map((phone) => phone.leave()))]);
    cancel();
  }

  function identitiesOf(): CaseIdentities {
    return {
      phones: Object.fromEntries(
        personas.phones.map(({ ref, aor, provider, param }) => [ref, { aor, provider, param, tokens: tokensOf(ref) }]),
      ),
      calls: Object.fromEntries(
        personas.calls.map(({ ref, callerUri, callerName, calleeAor, callId }) => [
          ref,
          { callerUri, callerName, calleeAor, callId },
        ]),
      ),
    };
  }

  function tokensOf(ref: PhoneRef): readonly string[] {
    const first = personas.phones.find((persona) => persona.ref === ref)!.token(0);
    const rotated = recorder.events.flatMap((event) =>
      event.kind === "token.issued" && event.phone === ref ? [event.token] : [],
    );
    return [first, ...rotated];
  }
}

function refsOf(action: Action): { readonly phone?: PhoneRef; readonly call?: CallRef } {
  return {
    ...("phone" in action ? { phone: action.phone } : {}),
    ...("call" in action ? { call: action.call } : {}),
  };
}
