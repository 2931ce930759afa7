import type { Action, Plan } from "../../../harness/plan/plan.ts";
import type { Lease } from "../../../harness/run/world.ts";
import type { CallRef, PhoneRef } from "../../../harness/trace/trace-event.ts";
import type { CaseIdentities, Trace } from "../../../harness/trace/trace.ts";
import { caseStage, type CaseStage } from "../case-stage.ts";
import { makePersonas } from "../identities.ts";
import { clientCall, type ClientCall } from "./client-call.ts";
import type { ClientCaseContext, ClientSurroundings } from "./client-case-context.ts";
import { clientPhone, type ClientPhone } from "./client-phone.ts";
import { targetExit } from "./target-exit.ts";

/** After the trace is taken, calls get this long to be taken down in an orderly way. */
const FAREWELL_MS = 300;

/** A case under way, as its world knows it. */
export interface ClientCase {
  readonly stage: Pick<CaseStage, "targetExited">;
  readonly trace: Promise<Trace>;
}

/** Plays one plan against an app and gives its trace. Throws nothing for what the target does; everything is given back when it resolves. */
export function playClientCase(
  plan: Plan,
  lease: Lease,
  surroundings: ClientSurroundings,
  signal: AbortSignal,
): ClientCase {
  const { facts, clock, adapter, lagMs } = surroundings;
  const personas = makePersonas(plan, lease, facts);
  const stage = caseStage({ plan, lease, facts, clock, lagMs });
  const calls = new Map<CallRef, ClientCall>();
  const phones = new Map<PhoneRef, ClientPhone>();
  const context: ClientCaseContext = { ...surroundings, plan, lease, stage, personas, calls };

  for (const [index, call] of plan.calls.entries()) {
    const persona = personas.calls[index]!;
    calls.set(
      persona.ref,
      clientCall({
        call,
        persona,
        facts,
        clock,
        server: surroundings.sip.server,
        binding: () => phoneOf(persona.ref)?.binding(),
        onChange: stage.changed,
      }),
    );
  }
  for (const [index, phone] of plan.phones.entries()) {
    const persona = personas.phones[index]!;
    phones.set(persona.ref, clientPhone(context, phone, persona));
  }

  return { stage, trace: play() };

  async function play(): Promise<Trace> {
    await leaseDevices();
    return await stage.play({ setUp, waitsFor, act, identities, farewell, close }, signal);
  }

  /** The phones that the adapter has room for; a case waits for its turn before its time begins. */
  async function leaseDevices(): Promise<void> {
    const most = adapter.facts.maxDevices ?? Number.POSITIVE_INFINITY;
    await surroundings.inTurn(async () => {
      for (const [index, phone] of [...phones.values()].entries()) {
        if (index >= most) phone.withoutDevice(`the adapter takes ${most} devices at once`);
        else if (!(await phone.lease(signal))) return adapterEnded();
      }
    });
  }

  async function adapterEnded(): Promise<void> {
    if (signal.aborted) return;
    stage.targetExited(targetExit(await adapter.ended));
  }

  function phoneOf(call: CallRef): ClientPhone | undefined {
    const account = plan.calls[numberOf(call) - 1]?.callee;
    return phones.get(`phone:${plan.phones.findIndex((phone) => phone.account === account) + 1}`);
  }

  async function setUp(): Promise<void> {
    await Promise.all([...phones.values()].map((phone) => phone.setUp()));
  }

  function waitsFor(): string | undefined {
    for (const { waitsFor: why } of [...calls.values(), ...phones.values()]) {
      const waiting = why();
      if (waiting !== undefined) return waiting;
    }
    return undefined;
  }

  function act(action: Action): void {
    switch (action.kind) {
      case "caller.call":
        calls.get(action.call)?.place();
        return;
      case "caller.hang-up":
        calls.get(action.call)?.hangUp(action.form ?? "plain");
        return;
      case "caller.fork":
        calls.get(action.call)?.fork();
        return;
      case "caller.reinvite":
        calls.get(action.call)?.reinvite(action.hold);
        return;
      case "caller.options":
        calls.get(action.call)?.options();
        return;
      case "wire.lose":
      case "wire.duplicate": {
        const { at } = action.match;
        const end = at.startsWith("phone:") ? phones.get(at as PhoneRef) : calls.get(at as CallRef);
        end?.wire.add(action.kind === "wire.lose" ? "lose" : "duplicate", action.match, action.count);
        return;
      }
      default: {
        const phone = phones.get(action.phone);
        if (phone !== undefined) actOn(phone, action);
      }
    }
  }

  async function farewell(): Promise<void> {
    const up = [...calls.values()].filter(({ isOver, isPlaced }) => isPlaced() && !isOver());
    for (const call of up) call.leave();
    if (up.length === 0) return;
    await new Promise<void>((resolve) => void clock.after(FAREWELL_MS, resolve));
  }

  async function close(): Promise<void> {
    for (const call of calls.values()) call.close();
    await Promise.all([...phones.values()].map((phone) => phone.close()));
  }

  function identities(): CaseIdentities {
    return {
      phones: Object.fromEntries(
        personas.phones.map(({ ref, aor, provider, param }) => [
          ref,
          { aor, provider, param, tokens: phones.get(ref)!.tokens },
        ]),
      ),
      calls: Object.fromEntries(
        personas.calls.map(({ ref, callerUri, callerName, calleeAor, callId, push }) => [
          ref,
          { callerUri, callerName, calleeAor, callId, push },
        ]),
      ),
    };
  }
}

type PhoneDoing = Extract<Action, { readonly phone: PhoneRef }>;

function actOn(phone: ClientPhone, action: PhoneDoing): void {
  switch (action.kind) {
    case "push.send":
      return phone.sendPush(action);
    case "registrar.answer":
      return phone.registrarAnswers(action.answer);
    case "phone.wake":
      return phone.open();
    case "phone.log-out":
      return phone.logOut();
    case "phone.log-in":
      return phone.logIn();
    case "phone.rotate-token":
      return phone.rotateToken();
    case "phone.invalidate-token":
      return phone.invalidateToken();
    case "phone.kill-app":
      return phone.killApp();
    case "phone.background":
      return phone.background();
    case "phone.suspend":
      return phone.suspend();
    case "phone.lose-network":
      return phone.loseNetwork();
    case "phone.regain-network":
      return phone.regainNetwork();
    case "phone.change-network":
      return phone.changeNetwork();
    case "phone.reset-provider":
      return phone.resetProvider();
    case "phone.remove-task":
      return phone.removeTask();
    case "phone.change":
      return phone.change(action.settings);
    case "user.answer":
      return phone.answer(action.call, action);
    case "user.decline":
      return phone.decline(action.call, action);
    case "user.hang-up":
      return phone.hangUp(action.call);
    case "user.hold":
      return phone.hold(action.call, action.onHold);
    case "phone.register":
      // Of the server role alone: an app registers by itself.
      return;
  }
}

function numberOf(call: CallRef): number {
  return Number(call.slice("call:".length));
}
