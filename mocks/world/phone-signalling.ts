import { messageOf } from "../../harness/errors.ts";
import { readMessage } from "../../harness/wire/read-message.ts";
import { phoneAgent, type PhoneAgent } from "../sip/phone-agent.ts";
import type { IncomingCall } from "../sip/incoming-call.ts";
import type { SipSocket, WireMessage } from "../sip/sip-socket.ts";
import { callerField } from "./call-directory.ts";
import { hostPort, openSocket, type CaseContext } from "./case-context.ts";
import type { PhonePersona } from "./identities.ts";
import { contactParamsOf, tokenHeaderOf } from "./registration-fields.ts";
import { wireFaults, type WireFaults } from "./wire-faults.ts";

/** The SIP side of one phone: its sockets one after the other, and what it registers over them. */
export interface PhoneSignalling {
  readonly wire: WireFaults;
  /** Name of the present socket. */
  flow(): string | undefined;
  /** Epoch milliseconds of the newest registration that was answered 2xx. */
  registeredAtMs(): number;
  /** Registrations whose answer the case waits for. */
  registering(): number;
  /** Opens a socket of its own; false when the target refuses it, which is in the trace. */
  open(): Promise<boolean>;
  /** Registers over the present socket. */
  register(token: string, expiresS?: number): Promise<void>;
  /** Registers over the present socket if it is open and that will do, else over a new one that takes its place. */
  refresh(token: string, overNewFlow: boolean): Promise<void>;
  /** De-registers over the present socket, without a token (RFC 8599 4.1.2). */
  unregister(): Promise<void>;
  /** The socket stays open, and nobody is behind it any more. */
  silence(): void;
  close(): Promise<void>;
  /** Ends the socket at once, as a killed app does. */
  drop(): void;
  dispose(): Promise<void>;
}

const EXPIRES_S = 600;
/** A REGISTER without an answer keeps the case this long; the judges' limit is shorter. */
const REGISTER_WAIT_MS = 2_500;

export function phoneSignalling(
  context: CaseContext,
  persona: PhonePersona,
  onInvite: (leg: IncomingCall) => void,
): PhoneSignalling {
  const { recorder, facts, clock } = context;
  const transport = context.plan.transport;
  const wire = wireFaults();
  const sockets: SipSocket[] = [];
  const ends = { from: "phone", to: "target", by: "world", phone: persona.ref } as const;
  const fromTarget = { from: "target", to: "phone", by: "target", phone: persona.ref } as const;
  let registering = 0;
  let registeredAtMs = clock.epochMs;
  let opening: Promise<boolean> | undefined;

  const agent: PhoneAgent = phoneAgent({
    aor: persona.aor,
    ...(persona.password === undefined ? {} : { credentials: { username: persona.user, password: persona.password } }),
    onInvite,
    onFault: context.fault,
  });
  const present = (): SipSocket | undefined => sockets.at(-1);

  /** Puts a message into the trace, and into that of any other case whose caller it names. */
  function tap(message: WireMessage): void {
    const parsed = readMessage(message.bytes);
    const isSip = parsed.kind !== "not-sip";
    const claims = isSip ? context.attribution.claims(callerField(parsed)) : [];
    const own = claims.filter(({ port }) => port === context.port);
    const foreign = claims.filter(({ port }) => port !== context.port);
    const call = isSip
      ? context.directory.callOfMessage(persona.ref, parsed, own.length > 0 ? own : foreign)
      : undefined;
    const claimedBy =
      foreign.length === 0
        ? {}
        : { claimedBy: [context.port, ...foreign.map(({ port }) => port)].map(({ caseId }) => caseId) };
    const direction = message.direction === "out" ? ends : fromTarget;
    recorder.recordSip({ ...direction, ...(call === undefined ? {} : { call }), ...claimedBy }, message);
    if (message.direction === "out") return;
    for (const claim of foreign) {
      const { flow, bytes, fate } = message;
      claim.port.recordCrossed(
        { from: "target", to: "phone", by: "target", call: claim.call, ...claimedBy },
        { kind: "sip", transport, flow, bytes, fate },
      );
    }
  }

  async function open(): Promise<boolean> {
    const flow = `${context.port.caseId}/${context.port.nonce}/${persona.ref}/${sockets.length + 1}`;
    const target = context.targetOn(transport);
    try {
      const socket = await openSocket(transport, {
        target,
        bind: context.bind,
        flow,
        filter: wire.filter,
        tap,
        onClose: (why, by) =>
          void recorder.record(by === "us" ? ends : fromTarget, { kind: "flow.closed", transport, flow, why }),
        onGarbage: (bytes, why) =>
          void recorder.record(fromTarget, { kind: "flow.garbage", transport, flow, bytes, why }),
      });
      if (socket.state() === "closed") return false;
      sockets.push(socket);
      const local = hostPort(socket.local);
      recorder.record(ends, { kind: "flow.opened", transport, flow, local, remote: hostPort(target) });
      agent.connect(socket);
      return true;
    } catch (error) {
      recorder.record(ends, { kind: "flow.closed", transport, flow, why: `not opened: ${messageOf(error)}` });
      return false;
    }
  }

  /** Resolves when the work is done, or when the case has waited long enough; what comes later counts all the same. */
  async function awaited(what: string, work: Promise<void>): Promise<void> {
    registering += 1;
    await new Promise<void>((resolve) => {
      const cancel = clock.after(REGISTER_WAIT_MS, resolve);
      void work
        .catch((error: unknown) =>
          context.fault(`${what} of ${persona.ref} failed inside RingTrue: ${messageOf(error)}`),
        )
        .finally(() => {
          cancel();
          resolve();
        });
    });
    registering -= 1;
    context.changed();
  }

  function register(token: string, expiresS = EXPIRES_S, removeContact?: string): Promise<void> {
    const header = tokenHeaderOf(facts.profile, persona, token);
    const work = agent
      .register({
        expiresS,
        contactParams: contactParamsOf(facts.profile, persona, token),
        ...(header === undefined ? {} : { header }),
        instance: persona.instance,
        ...(removeContact === undefined ? {} : { removeContact }),
      })
      .then((outcome) => {
        if (outcome.kind === "response" && outcome.status < 300) registeredAtMs = clock.epochMs + clock.now();
      });
    return awaited("the REGISTER", work);
  }

  return {
    wire,
    flow() {
      return present()?.flow;
    },
    registeredAtMs() {
      return registeredAtMs;
    },
    registering() {
      return registering;
    },
    open,
    register: (token, expiresS) => register(token, expiresS),
    async refresh(token, overNewFlow) {
      if (!overNewFlow && present()?.state() === "open") return register(token);
      // Woken twice in one instant, a phone has one new socket all the same.
      const isFirst = overNewFlow || opening === undefined;
      const old = isFirst ? agent.contact() : undefined;
      registering += 1;
      if (isFirst) opening = open();
      const isOpen = await opening;
      if (isFirst) opening = undefined;
      registering -= 1;
      if (isOpen === true) await register(token, EXPIRES_S, old);
      else context.changed();
    },
    async unregister() {
      if (present()?.state() !== "open") return;
      const work = agent.unregister({
        contactParams: contactParamsOf(facts.profile, persona, undefined),
        instance: persona.instance,
      });
      await awaited(
        "the de-registration",
        work.then(() => {}),
      );
    },
    silence() {
      const socket = present();
      if (socket?.state() !== "open") return;
      socket.silence();
      recorder.record(ends, { kind: "flow.silenced", transport, flow: socket.flow });
    },
    async close() {
      await present()?.close();
    },
    drop: () => present()?.drop(),
    async dispose() {
      agent.dispose();
      await Promise.all(sockets.map((socket) => socket.close()));
    },
  };
}
