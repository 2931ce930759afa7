import type { Phone, PushHandling } from "../../harness/plan/plan.ts";
import { messageOf } from "../../harness/errors.ts";
import type { CallRef } from "../../harness/trace/trace-event.ts";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import { iosPhone } from "../ios/ios-phone.ts";
import { phoneAgent, type IncomingCall } from "../sip/phone-agent.ts";
import { sdpAnswer } from "../sip/sdp.ts";
import type { SipSocket } from "../sip/sip-socket.ts";
import { callerField } from "./call-directory.ts";
import { hostPort, openSocket, type CaseContext } from "./case-context.ts";
import type { PhonePersona } from "./identities.ts";
import { acceptAndDeliver } from "./push-path.ts";
import { contactParamsOf, tokenHeaderOf } from "./registration-fields.ts";
import { wireFaults, type WireFaults } from "./wire-faults.ts";

/** One phone: its operating system, the app's SIP side, and the user who holds it. */
export interface PhonePlayer {
  readonly wire: WireFaults;
  readonly token: string;
  /** Epoch milliseconds of the newest registration that was answered 2xx. */
  readonly registeredAtMs: number;
  /** Registers and then goes to the signalling state the plan starts from. */
  setUp(): Promise<void>;
  /** How the plan wants the next push to this phone handled; each call takes one. */
  nextHandling(): PushHandling;
  /** A push reached the phone. */
  deliver(call: CallRef | undefined): void;
  wake(): void;
  register(): void;
  logOut(): void;
  rotateToken(): void;
  killApp(): void;
  loseNetwork(): void;
  answer(call: CallRef): void;
  decline(call: CallRef, status: number): void;
  hangUp(call: CallRef): void;
  /** The phone has sent 180 for a live INVITE of that call, and nobody has decided yet. */
  ringsFor(call: CallRef): boolean;
  /** False while it has no network: pushes do not reach it. */
  readonly reachable: boolean;
  /** Registrations whose answer is awaited. */
  readonly registering: number;
  /** Ends what is still up and removes its binding, after the trace was taken. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

const EXPIRES_S = 600;
/** How long past its expiry a binding is taken for gone. */
const PAST_EXPIRY_MS = 700;

export function phonePlayer(context: CaseContext, phone: Phone, persona: PhonePersona): PhonePlayer {
  const { recorder, facts, clock } = context;
  const transport = context.plan.transport;
  const wire = wireFaults();
  const sockets: SipSocket[] = [];
  const legs = new Map<CallRef, IncomingCall[]>();
  /** Decisions of a user who was faster than the INVITE: undefined answers, a number declines. */
  const decided = new Map<CallRef, number | undefined>();
  let socket: SipSocket | undefined;
  let tokens = 0;
  let handled = 0;
  let registering = 0;
  let registeredAtMs = context.clock.epochMs;
  let reachable = true;

  const os = { from: "os", to: "phone", by: "world", phone: persona.ref } as const;
  const user = { from: "user", to: "os", by: "world", phone: persona.ref } as const;
  const ios = iosPhone(false, persona.token(0), (event, call) => {
    recorder.record(call === undefined ? os : { ...os, call }, event);
  });
  const agent = phoneAgent({
    aor: persona.aor,
    ...(persona.password === undefined ? {} : { credentials: { username: persona.user, password: persona.password } }),
    onInvite,
    onFault: context.fault,
  });

  /** The lanes of a message at this phone, with the call it is about. */
  function laneOf(direction: "in" | "out", bytes: Uint8Array) {
    const message = parseMessage(bytes);
    const claims = message.kind === "not-sip" ? [] : context.attribution.claims(callerField(message));
    const own = claims.filter(({ port }) => port === context.port);
    const foreign = claims.filter(({ port }) => port !== context.port);
    const call =
      message.kind === "not-sip"
        ? undefined
        : context.directory.callOfMessage(persona.ref, message, own.length > 0 ? own : foreign);
    const ends =
      direction === "out"
        ? ({ from: "phone", to: "target", by: "world" } as const)
        : ({ from: "target", to: "phone", by: "target" } as const);
    return {
      between: {
        ...ends,
        phone: persona.ref,
        ...(call === undefined ? {} : { call }),
        ...(foreign.length === 0
          ? {}
          : { claimedBy: [context.port.caseId, ...foreign.map(({ port }) => port.caseId)] }),
      },
      foreign,
    };
  }

  async function open(): Promise<boolean> {
    const flow = `${context.port.caseId}/${context.port.nonce}/${persona.ref}/${sockets.length + 1}`;
    const target = context.targetOn(transport);
    const ends = { from: "phone", to: "target", by: "world", phone: persona.ref } as const;
    try {
      const opened = await openSocket(transport, {
        target,
        bind: context.bind,
        flow,
        filter: wire.filter,
        tap: (message) => {
          const { between, foreign } = laneOf(message.direction, message.bytes);
          recorder.recordSip(between, message);
          for (const { port, call } of foreign) {
            if (message.direction === "in") {
              port.recordCrossed(
                { from: "target", to: "phone", by: "target", call, claimedBy: between.claimedBy ?? [] },
                { kind: "sip", transport, flow, bytes: message.bytes, fate: message.fate },
              );
            }
          }
        },
        onClose: (why) => void recorder.record(ends, { kind: "flow.closed", transport, flow, why }),
        onGarbage: (bytes, why) =>
          void recorder.record(
            { from: "target", to: "phone", by: "target", phone: persona.ref },
            { kind: "flow.garbage", transport, flow, bytes, why },
          ),
      });
      sockets.push(opened);
      socket = opened;
      recorder.record(ends, {
        kind: "flow.opened",
        transport,
        flow,
        local: hostPort(opened.local),
        remote: hostPort(target),
      });
      agent.connect(opened);
      return true;
    } catch (error) {
      recorder.record(ends, { kind: "flow.closed", transport, flow, why: `not opened: ${messageOf(error)}` });
      return false;
    }
  }

  async function sendRegister(expiresS: number, removeContact?: string): Promise<void> {
    registering += 1;
    try {
      const header = tokenHeaderOf(facts.profile, persona, ios.token);
      const outcome = await agent.register({
        expiresS,
        contactParams: contactParamsOf(facts.profile, persona, ios.token),
        ...(header === undefined ? {} : { header }),
        instance: persona.instance,
        ...(removeContact === undefined ? {} : { removeContact }),
      });
      if (outcome.kind === "response" && outcome.status < 300) registeredAtMs = clock.epochMs + clock.now();
    } catch (error) {
      context.fault(`the REGISTER of ${persona.ref} failed inside RingTrue: ${messageOf(error)}`);
    } finally {
      registering -= 1;
      context.changed();
    }
  }

  /** Registers over the present socket, or over a new one that takes the place of the old. */
  async function refresh(overNewFlow: boolean): Promise<void> {
    const old = agent.contact;
    if (!overNewFlow && socket?.state === "open") return sendRegister(EXPIRES_S);
    registering += 1;
    const isOpen = await open();
    registering -= 1;
    if (isOpen) await sendRegister(EXPIRES_S, old);
    else context.changed();
  }

  function onInvite(leg: IncomingCall): void {
    // The tap has seen it before and learnt its Call-ID.
    const call = context.directory.callOfMessage(persona.ref, leg.invite, []);
    if (call === undefined) {
      // Nobody of this case calls here: a real phone would ring all the same.
      leg.ring();
      return;
    }
    legs.set(call, [...(legs.get(call) ?? []), leg]);
    leg.listen((event) => {
      if (event.kind === "acknowledged") return;
      if (!liveLegs(call).some((other) => other !== leg)) ios.endCall(call, event.kind);
      context.changed();
    });
    ios.showCall(call, "invite");
    if (decided.has(call)) {
      settle(call, leg, decided.get(call));
      decided.delete(call);
      return;
    }
    leg.ring();
    context.changed();
  }

  function liveLegs(call: CallRef): readonly IncomingCall[] {
    return (legs.get(call) ?? []).filter(({ state, flow }) => state === "incoming" && flow === socket?.flow);
  }

  function settle(call: CallRef, leg: IncomingCall, status: number | undefined): void {
    if (status === undefined) {
      leg.answer(sdpAnswer(Buffer.from(leg.invite.body).toString()));
      ios.endCall(call, "answered");
    } else {
      leg.reject(status);
      ios.endCall(call, "declined");
    }
  }

  function decide(call: CallRef, status: number | undefined): void {
    const live = liveLegs(call).at(-1);
    if (live === undefined && !ios.showsCall(call)) return;
    recorder.record(
      { ...user, call },
      status === undefined ? { kind: "user.answered" } : { kind: "user.declined", status },
    );
    if (live === undefined) decided.set(call, status);
    else settle(call, live, status);
    context.changed();
  }

  return {
    wire,
    get token() {
      return ios.token;
    },
    get registeredAtMs() {
      return registeredAtMs;
    },
    get reachable() {
      return reachable;
    },
    get registering() {
      return registering;
    },
    nextHandling() {
      handled += 1;
      return phone.pushes[handled - 1] ?? acceptAndDeliver;
    },
    async setUp() {
      context.attribution.issue(ios.token, context.port, persona.ref);
      if (!(await open())) return;
      const { minExpiresS } = facts.features;
      await sendRegister(phone.signalling === "expired" && minExpiresS !== undefined ? minExpiresS : EXPIRES_S);
      switch (phone.signalling) {
        case "connected":
          ios.wake("user");
          return;
        case "silent":
        case "half-dead":
          goSilent();
          break;
        case "logged-out":
          await agent.unregister({
            contactParams: contactParamsOf(facts.profile, persona, undefined),
            instance: persona.instance,
          });
          await socket?.close();
          break;
        case "expired":
          await socket?.close();
          await new Promise<void>((resolve) => {
            clock.after((minExpiresS ?? 0) * 1_000 + PAST_EXPIRY_MS, resolve);
          });
          break;
        case "closed":
          await socket?.close();
          break;
      }
      if (phone.app === "killed") ios.terminate("killed by the user");
      else ios.suspend();
    },
    deliver(call) {
      // The system starts the app in the background and CallKit shows the call, long before the app is connected.
      if (!ios.running) ios.wake("push");
      if (call !== undefined) ios.showCall(call, "push");
    },
    wake() {
      reachable = true;
      if (!ios.running) ios.wake("user");
      void refresh(false);
    },
    register: () => void refresh(false),
    logOut() {
      registering += 1;
      const header = tokenHeaderOf(facts.profile, persona, undefined);
      void agent
        .unregister({
          contactParams: contactParamsOf(facts.profile, persona, undefined),
          ...(header === undefined ? {} : { header }),
          instance: persona.instance,
        })
        .catch((error: unknown) => context.fault(`the de-registration of ${persona.ref} failed: ${messageOf(error)}`))
        .finally(() => {
          registering -= 1;
          context.changed();
        });
    },
    rotateToken() {
      tokens += 1;
      const previous = ios.token;
      ios.issueToken(persona.token(tokens));
      context.attribution.issue(ios.token, context.port, persona.ref, previous);
      // A token in the Contact makes another Contact of it. Over a new flow the old one can be removed by its address,
      // which RFC 3261 19.1.4 would not tell from the new one otherwise.
      void refresh(facts.profile.registration.contactParams !== undefined);
    },
    killApp() {
      ios.terminate("killed by the user");
      socket?.drop();
    },
    loseNetwork() {
      reachable = false;
      goSilent();
    },
    answer: (call) => decide(call, undefined),
    decline: (call, status) => decide(call, status),
    hangUp(call) {
      const leg = legs.get(call)?.findLast(({ state }) => state === "answered" || state === "confirmed");
      if (leg === undefined) return;
      recorder.record({ ...user, call }, { kind: "user.hung-up" });
      leg.bye();
      context.changed();
    },
    ringsFor: (call) => liveLegs(call).length > 0,
    async leave() {
      for (const all of legs.values()) {
        for (const leg of all) {
          if (leg.state === "incoming") leg.reject(480);
          else if (leg.state === "answered" || leg.state === "confirmed") leg.bye();
        }
      }
      if (socket?.state !== "open") return;
      await agent.unregister({
        contactParams: contactParamsOf(facts.profile, persona, undefined),
        instance: persona.instance,
      });
    },
    async close() {
      agent.dispose();
      await Promise.all(sockets.map((opened) => opened.close()));
    },
  };

  function goSilent(): void {
    if (socket === undefined || socket.state !== "open") return;
    socket.silence();
    recorder.record(
      { from: "phone", to: "target", by: "world", phone: persona.ref },
      { kind: "flow.silenced", transport, flow: socket.flow },
    );
  }
}
