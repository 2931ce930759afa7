import type { Phone, PhoneSettings, PushAction, RegistrarAnswer } from "../../../harness/plan/plan.ts";
import type { CallRef, PhoneRef, UserEvent, UserPath } from "../../../harness/trace/trace-event.ts";
import { userOf } from "../../../harness/wire/sip-uri.ts";
import type { DeviceLine } from "../../device-link/device-line.ts";
import type { LinkAccount } from "../../device-link/messages.ts";
import type { Binding } from "../../sip/bindings.ts";
import type { PhonePersona } from "../identities.ts";
import { wireFaults, type WireFaults } from "../wire-faults.ts";
import { androidSystem } from "./android-system.ts";
import { callNames } from "./call-names.ts";
import type { ClientCaseContext } from "./client-case-context.ts";
import { clientPayload } from "./client-push.ts";
import type { SipPhone } from "./client-sip.ts";
import { iosSystem, type SystemOptions } from "./ios-system.ts";
import { phoneLink } from "./phone-link.ts";
import { phoneNetwork } from "./phone-network.ts";
import { phoneRegistrar } from "./phone-registrar.ts";
import { phoneStart } from "./phone-start.ts";
import type { ActChoice, SystemPush, UserActKind } from "./phone-system.ts";
import { phoneWatch } from "./phone-watch.ts";
import { waitRoom } from "./wait-room.ts";

/** One phone of a case with the app under test on it: its system, its user, and its side of the registrar. */
export interface ClientPhone {
  readonly ref: PhoneRef;
  readonly wire: WireFaults;
  /** Leases its device. False when the adapter ended, or `signal` aborted, before it was its turn. */
  lease(signal: AbortSignal): Promise<boolean>;
  /** Nothing on it will ever run: there is no room for it on the adapter. */
  withoutDevice(why: string): void;
  /** The user starts the app, it registers, and the phone comes to where the plan begins. What does not come is not waited for without end. */
  setUp(): Promise<void>;

  open(): void;
  background(): void;
  suspend(): void;
  killApp(): void;
  logOut(): void;
  logIn(): void;
  rotateToken(): void;
  invalidateToken(): void;
  loseNetwork(): void;
  regainNetwork(): void;
  changeNetwork(): void;
  resetProvider(): void;
  removeTask(): void;
  change(settings: PhoneSettings): void;
  sendPush(push: PushAction): void;
  registrarAnswers(answer: RegistrarAnswer): void;

  answer(call: CallRef, choice: ActChoice): void;
  decline(call: CallRef, choice: ActChoice): void;
  hangUp(call: CallRef): void;
  hold(call: CallRef, onHold: boolean): void;

  /** The newest binding that can be reached. */
  binding(): Binding | undefined;
  /** Every token the phone had, oldest first. */
  readonly tokens: readonly string[];
  /** Why the case cannot end yet, or undefined. */
  waitsFor(): string | undefined;
  /** Ends the app and gives the device back. */
  close(): Promise<void>;
}

/** How long the end of an app may take, after which the device is given back behind our back. */
const RELEASE_MS = 2_000;

const push = { from: "push-service", to: "os", by: "world" } as const;
const user = { from: "user", to: "os", by: "world" } as const;
const fromApp = { from: "target", to: "server", by: "target" } as const;
const toApp = { from: "server", to: "target", by: "world" } as const;

export function clientPhone(context: ClientCaseContext, phone: Phone, persona: PhonePersona): ClientPhone {
  const { facts, clock, sip, stage, personas, plan, lease } = context;
  const { recorder } = stage;
  const { ref } = persona;
  const isOver = (call: CallRef): boolean => context.calls.get(call)?.isOver() ?? true;
  const names = callNames(
    personas.calls.filter(({ calleeAor }) => calleeAor === persona.aor),
    isOver,
  );
  const wire = wireFaults();
  const room = waitRoom(clock);
  const watch = phoneWatch(facts.deadlines);
  const changed = (): void => {
    room.look();
    stage.changed();
  };
  const link = phoneLink({ ref, recorder, names, onChange: changed });
  const account = linkAccount(context, persona);
  const { settings = {} } = phone;
  const options: SystemOptions = {
    clock,
    facts,
    settings,
    account: phone.signalling === "logged-out" ? null : account,
    token: persona.token(0),
    push: { provider: persona.provider, param: persona.param },
    callers: personas.calls.flatMap(({ callerUser, callerUri }) => [callerUser, callerUri, userOf(callerUri) ?? ""]),
    names,
    emit(event) {
      link.emit(event);
      room.look();
    },
  };
  const telecom = facts.app?.telecom ?? "self-managed";
  const system =
    phone.platform === "ios" ? iosSystem(options) : androidSystem({ ...options, telecom, power: phone.android });
  const registrar = phoneRegistrar(facts.profile);
  const network = phoneNetwork({
    flows: () => sip.flowsOf(port),
    record: (event) => void recorder.record({ ...toApp, phone: ref }, event),
  });
  const stopWatching = recorder.onEvent((event) => {
    if (event.phone !== ref) return;
    watch.observe(event);
    if (event.kind === "app.terminated") network.processEnded();
  });

  const port: SipPhone = {
    account: {
      aor: persona.aor,
      username: account.username,
      ...(facts.features.digest ? { password: account.password } : {}),
    },
    callOf: (callId) => personas.calls.find((call) => call.callId === callId)?.ref,
    fateOf(direction, { bytes, flow, sip: message, call }) {
      if (!system.passesPackets() || !network.passes(direction, flow, message)) return "lose";
      const atApp = wire.filter(direction === "in" ? "out" : "in", bytes);
      if (atApp !== "deliver" || call === undefined) return atApp;
      return context.calls.get(call)?.wire.filter(direction, bytes) ?? "deliver";
    },
    crossed(message, { sip: read, call }) {
      const { direction, fate } = message;
      if (call !== undefined) names.involved(call);
      const isInvite = direction === "out" && read.kind === "request" && read.method === "INVITE";
      if (call !== undefined && isInvite && fate !== "lost") invited.add(call);
      const between = {
        ...(direction === "in" ? fromApp : toApp),
        phone: ref,
        ...(call === undefined ? {} : { call }),
      };
      recorder.recordSip(between, message);
      if (call !== undefined && !(direction === "in" && fate === "lost"))
        context.calls.get(call)?.crossed(direction, read);
    },
    flowChanged(event, by) {
      recorder.record({ ...(by === "target" ? fromApp : toApp), phone: ref }, event);
      changed();
    },
    answerTo: () => registrar.answer(),
    registrarSaid(event) {
      registrar.said(event);
      changed();
    },
  };

  let line: DeviceLine | undefined;
  let hasDevice = true;
  /** Calls whose INVITE got through. */
  const invited = new Set<CallRef>();
  let stopTap = (): void => {};
  const tokens = [persona.token(0)];
  let pushes = 0;
  /** What APNs keeps for a phone without a network. */
  let stored: { readonly handed: SystemPush; readonly call: CallRef }[] = [];

  function deliver(handed: SystemPush, call: CallRef): void {
    // Android's own side of FCM tells of it, and of what waits there.
    if (phone.platform === "android") return system.deliver(handed);
    const { id, payload } = handed;
    const token = system.token();
    const about = { ...push, phone: ref, call };
    if (token === undefined) {
      const why = "the token is void";
      recorder.record(about, { kind: "push.dropped", push: id, token: tokens.at(-1)!, why });
    } else if (network.isUp()) {
      recorder.record(about, { kind: "push.delivered", push: id, token, copy: 1, payload });
      system.deliver(handed);
    } else {
      recorder.record(about, { kind: "push.stored", push: id, token, why: "the phone has no network" });
      stored = [...stored, { handed, call }];
    }
  }

  function userDoes(act: UserActKind, call: CallRef, choice: ActChoice, event: (through: UserPath) => UserEvent): void {
    const offered = hasDevice ? system.offer(act, call, choice) : undefined;
    const between = { ...user, phone: ref, call };
    if (offered === undefined) {
      recorder.record(between, { kind: "user.could-not", act });
      return;
    }
    if (act === "answer") names.answered(call);
    recorder.record(between, event(offered.through));
    if (!offered.play()) recorder.record(between, { kind: "user.could-not", act });
  }

  /** Nothing is done to a phone that has no device. */
  const ifThere = (act: () => void) => (): void => {
    if (hasDevice) act();
  };

  return {
    ref,
    wire,
    async lease(signal) {
      const device = `${lease.nonce}/${ref}`;
      stopTap = context.adapter.watch(device, lease.caseId, link.tap);
      line = await context.adapter.lease(
        { device, platform: phone.platform, system: link.watched(system.system) },
        signal,
      );
      if (line === undefined) return false;
      system.plugIn(link.watchedLine(line));
      return true;
    },
    withoutDevice(why) {
      hasDevice = false;
      recorder.record({ from: "os", to: "os", by: "world", phone: ref }, { kind: "app.launch-failed", why });
    },
    async setUp() {
      sip.enter(port);
      if (!hasDevice) return;
      await phoneStart({ phone, facts, system, registrar, link, room, flows: () => sip.flowsOf(port) });
    },
    open: ifThere(() => system.open()),
    background: ifThere(() => system.background()),
    suspend: ifThere(() => {
      system.background();
      system.suspend();
    }),
    killApp: ifThere(() => system.kill()),
    logOut: ifThere(() => system.changeAccount(null)),
    logIn: ifThere(() => system.changeAccount(account)),
    rotateToken: ifThere(() => {
      const next = persona.token(tokens.length);
      tokens.push(next);
      system.rotateToken(next);
    }),
    invalidateToken: ifThere(() => system.invalidateToken()),
    loseNetwork: ifThere(() => {
      if (!network.isUp()) return;
      network.lose();
      system.setNetwork(false, network.name());
    }),
    regainNetwork: ifThere(() => {
      if (network.isUp()) return;
      network.regain();
      networkIsBack();
    }),
    changeNetwork: ifThere(() => {
      network.change();
      networkIsBack();
    }),
    resetProvider: ifThere(() => system.resetProvider()),
    removeTask: ifThere(() => system.removeTask()),
    change: (next) => ifThere(() => system.change(next))(),
    sendPush({ call, form = "whole", priority = "high" }) {
      if (!hasDevice) return;
      const index = Number(call.slice("call:".length)) - 1;
      const [planned, caller] = [plan.calls[index], personas.calls[index]];
      if (planned === undefined || caller === undefined) return;
      const made = clientPayload(form, phone.platform, facts.profile, planned, caller);
      const id = `${lease.nonce}/${ref}/push:${(pushes += 1)}`;
      names.pushed(id, call);
      if (made.refused !== undefined) {
        const about = { ...push, phone: ref, call };
        recorder.record(about, { kind: "push.dropped", push: id, token: tokens.at(-1)!, why: made.refused });
        return;
      }
      const { payload } = made;
      deliver({ id, payload, priority, ...(form === "not-obliged" ? { mustReport: false } : {}) }, call);
    },
    registrarAnswers: (answer) => registrar.answers(answer),
    answer: (call, choice) => userDoes("answer", call, choice, (through) => ({ kind: "user.answered", through })),
    decline: (call, choice) => userDoes("decline", call, choice, (through) => ({ kind: "user.declined", through })),
    hangUp: (call) => userDoes("hang-up", call, {}, (through) => ({ kind: "user.hung-up", through })),
    hold: (call, onHold) => userDoes(onHold ? "hold" : "unhold", call, {}, () => ({ kind: "user.held", onHold })),
    binding() {
      const reachable = sip.server.registrar
        .bindings(persona.aor)
        .filter(({ flow }) => sip.server.flow(flow)?.state() === "open");
      return reachable.toSorted((a, b) => a.registeredAtMs - b.registeredAtMs).at(-1);
    },
    tokens,
    waitsFor() {
      if (link.open() > 0) return `a reply of the app on ${ref}`;
      return watch.waitsFor(clock.now(), {
        isInvited: (call) => invited.has(call),
        isOver,
        shows: (call) => system.calls().includes(call),
      });
    },
    async close() {
      stopWatching();
      room.close();
      system.close();
      registrar.close();
      if (line !== undefined) await room.within(line.release(), RELEASE_MS);
      stopTap();
      await sip.leave(port);
    },
  };

  function networkIsBack(): void {
    system.setNetwork(true, network.name());
    const waiting = stored;
    stored = [];
    for (const { handed, call } of waiting) deliver(handed, call);
  }
}

function linkAccount(
  { facts, host, sip, plan, lease }: ClientCaseContext,
  { aor, user: username, password, ref }: PhonePersona,
): LinkAccount {
  const port = sip.listener(plan.transport)?.address.port ?? 0;
  return {
    aor,
    username,
    // Known to nobody else, as the account is.
    password: password ?? `secret-${lease.nonce}-${ref}`,
    displayName: `Callee ${ref.slice("phone:".length)}`,
    registrar: { transport: plan.transport, host, port, domain: facts.sip.domain },
  };
}
