import type { Clock } from "../../harness/clock/clock.ts";
import type { Action, Plan } from "../../harness/plan/plan.ts";
import type { Lease } from "../../harness/run/world.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { CallRef, PhoneRef, Transport } from "../../harness/trace/trace-event.ts";
import type { CaseIdentities, Trace } from "../../harness/trace/trace.ts";
import { apnsDeviceStore } from "../apns/device-store.ts";
import { fcmDeviceStore } from "../fcm/device-store.ts";
import type { Attribution, CasePort } from "./attribution.ts";
import { callDirectory } from "./call-directory.ts";
import { callerPlayer, type CallerPlayer } from "./caller-player.ts";
import type { CaseContext, SipTarget } from "./case-context.ts";
import { casePushes } from "./case-pushes.ts";
import { caseStage } from "./case-stage.ts";
import { makePersonas } from "./identities.ts";
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
  const { facts, clock, attribution, lagMs } = surroundings;
  const personas = makePersonas(plan, lease, facts);
  const stage = caseStage({ plan, lease, facts, clock, lagMs });
  const { recorder, timers } = stage;

  const phones = new Map<PhoneRef, PhonePlayer>();
  const callers = new Map<CallRef, CallerPlayer>();
  const directory = callDirectory(plan, personas, facts.profile);

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
    targetExited: stage.targetExited,
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
    fault: stage.fault,
    changed: stage.changed,
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

  attribution.enter(port, personas);
  return await stage.play({ setUp, waitsFor, act, identities, farewell, close }, signal);

  async function setUp(): Promise<void> {
    await Promise.all([...phones.values(), ...callers.values()].map((player) => player.setUp()));
  }

  function waitsFor(): string | undefined {
    for (const [ref, phone] of phones) if (phone.registering() > 0) return `the registration of ${ref}`;
    for (const [ref, caller] of callers) {
      const ringing = [...phones.values()].some((phone) => phone.ringsFor(ref));
      const waiting = caller.waitsFor(ringing);
      if (waiting !== undefined) return waiting;
    }
    return undefined;
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

  async function close(): Promise<void> {
    attribution.leave(port);
    await Promise.all([...phones.values(), ...callers.values()].map((player) => player.close()));
  }

  function identities(): CaseIdentities {
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
    const rotated = recorder
      .events()
      .flatMap((event) => (event.kind === "token.issued" && event.phone === ref ? [event.token] : []));
    return [first, ...rotated];
  }
}
