import type { Clock } from "../../../harness/clock/clock.ts";
import type { EventInput, TraceRecorder } from "../../../harness/trace/recorder.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { CallRef, FlowEvent, Transport } from "../../../harness/trace/trace-event.ts";
import { callId, from, to } from "../../../harness/wire/headers.ts";
import { readMessage } from "../../../harness/wire/read-message.ts";
import type { NotSip, SipMessage } from "../../../harness/wire/sip-message.ts";
import { userOf } from "../../../harness/wire/sip-uri.ts";
import type { listenSip, ServerCertificate, SipListener } from "../../sip/listen-sip.ts";
import type { ReceivedRegister, RegisterAnswer, RegistrarAccount, RegistrarEvent } from "../../sip/registrar.ts";
import { sipServer, type SipServer } from "../../sip/sip-server.ts";
import type { SipSocket, WireFate, WireMessage } from "../../sip/sip-socket.ts";
import { hostPort } from "../case-context.ts";

/** What was read of a message: `call` is that of its Call-ID. */
export interface SipReading {
  readonly sip: SipMessage | NotSip;
  readonly call: CallRef | undefined;
}

/** One phone of a case under way, as the SIP side knows it. No method may throw. */
export interface SipPhone {
  readonly account: RegistrarAccount;
  /** The call of the plan with that Call-ID. */
  callOf(callId: string): CallRef | undefined;
  /** What becomes of a message: `in` is from the app. */
  fateOf(
    direction: "in" | "out",
    message: SipReading & { readonly bytes: Uint8Array; readonly flow: string },
  ): WireFate;
  /** A message as it crossed our socket. */
  crossed(message: WireMessage, reading: SipReading): void;
  flowChanged(event: FlowEvent, by: "target" | "world"): void;
  answerTo(received: ReceivedRegister): RegisterAnswer | Promise<RegisterAnswer>;
  registrarSaid(event: RegistrarEvent): void;
}

/** RingTrue's registrar and sender of INVITEs, for every app of a run: one listener per transport. */
export interface ClientSip {
  readonly server: SipServer;
  /** Where apps register on a transport; undefined where nobody listens. */
  listener(transport: Transport): SipListener | undefined;
  /** From now on what comes from or goes to its account is this phone's. */
  enter(phone: SipPhone): void;
  /** Its bindings are forgotten, and its flows closed. */
  leave(phone: SipPhone): Promise<void>;
  /** The flows its messages last came over that are not closed. */
  flowsOf(phone: SipPhone): readonly SipSocket[];
  close(): Promise<void>;
}

export interface ClientSipOptions {
  readonly clock: Clock;
  readonly bind: string;
  readonly advertise?: string;
  readonly ports: Partial<Readonly<Record<Transport, number>>>;
  readonly domain: string;
  readonly transports: readonly Transport[];
  readonly registration: RunFacts["profile"]["registration"];
  /** For `tls`. */
  readonly certificate: ServerCertificate;
  readonly listen: typeof listenSip;
  /** The trace of the run: what belongs to no case under way. */
  readonly run: TraceRecorder;
}

interface Flow {
  readonly socket: SipSocket;
  readonly opened: FlowEvent;
  /** Every phone whose messages came over it; the last one is at the end. */
  readonly phones: Set<SipPhone>;
  /** It was a phone's, whether or not that is still there. */
  isClaimed: boolean;
  isInRunTrace: boolean;
}

interface Reading extends SipReading {
  readonly phone: SipPhone | undefined;
}

/**
 * Listens on every transport. A message belongs to the phone whose account it names in To or From, else to the phone its flow was last
 * used by; its call is the one of its Call-ID. What is nobody's goes to the run's own trace.
 *
 * @throws HarnessFault `no-udp-port`, `no-sip-port` when the operating system refuses a port.
 */
export async function startClientSip(options: ClientSipOptions): Promise<ClientSip> {
  const { clock, run, domain, transports } = options;
  const phones = new Map<string, SipPhone>();
  const aors = new Map<string, SipPhone>();
  const flows = new Map<string, Flow>();
  let lastRead: { readonly bytes: Uint8Array; readonly reading: Reading } | undefined;

  const server = sipServer({
    clock,
    domain,
    registration: options.registration,
    accountOf: (user) => phones.get(user)?.account,
    answer: (received) => aors.get(received.aor)?.answerTo(received) ?? { kind: "accept" },
    onEvent: (event) => aors.get(event.aor)?.registrarSaid(event),
    onFault: (message) => recordInRun({ ...ourselves, kind: "harness.fault", message }),
  });

  function recordInRun(event: EventInput): void {
    run.record(event);
  }

  /** A message is asked for when its fate is decided, and again at once when it is recorded. */
  function read(name: string, bytes: Uint8Array): Reading {
    if (lastRead?.bytes === bytes) return lastRead.reading;
    const sip = readMessage(bytes);
    const flow = flows.get(name);
    const phone = phoneOf(sip, flow);
    const id = sip.kind === "not-sip" ? undefined : callId(sip);
    const reading = { sip, phone, call: id === undefined ? undefined : phone?.callOf(id) };
    lastRead = { bytes, reading };
    if (flow !== undefined && phone !== undefined) claim(flow, phone);
    return reading;
  }

  function phoneOf(sip: SipMessage | NotSip, flow: Flow | undefined): SipPhone | undefined {
    const last = flow === undefined ? undefined : lastOf(flow);
    if (sip.kind === "not-sip") return last;
    const callee = phones.get(userOf(to(sip)?.uri) ?? "");
    if (callee !== undefined && callee === last) return last;
    const caller = phones.get(userOf(from(sip)?.uri) ?? "");
    return caller !== undefined && caller === last ? last : (callee ?? caller ?? last);
  }

  function claim(flow: Flow, phone: SipPhone): void {
    const isNew = !flow.phones.delete(phone);
    flow.phones.add(phone);
    flow.isClaimed = true;
    if (isNew) phone.flowChanged(flow.opened, "target");
  }

  /** Something on it is no phone's: the run's trace has it from its beginning. */
  function noteInRun(flow: Flow): void {
    if (flow.isInRunTrace) return;
    flow.isInRunTrace = true;
    recordInRun({ ...fromApp, ...flow.opened });
  }

  function onTap(message: WireMessage): void {
    const { phone, ...reading } = read(message.flow, message.bytes);
    if (phone !== undefined) return phone.crossed(message, reading);
    const flow = flows.get(message.flow);
    if (flow !== undefined) noteInRun(flow);
    const { direction, transport, bytes, fate } = message;
    recordInRun({
      ...(direction === "in" ? fromApp : toApp),
      kind: "sip",
      transport,
      flow: message.flow,
      bytes,
      fate,
    });
  }

  function onFlow(socket: SipSocket): void {
    const { transport, flow, local, target } = socket;
    flows.set(flow, {
      socket,
      opened: { kind: "flow.opened", transport, flow, local: hostPort(local), remote: hostPort(target) },
      phones: new Set(),
      isClaimed: false,
      isInRunTrace: false,
    });
    server.adopt(socket);
  }

  function tell(flow: Flow | undefined, event: FlowEvent, by: "target" | "world"): void {
    if (flow === undefined) return;
    for (const phone of flow.phones) phone.flowChanged(event, by);
    if (flow.isClaimed && !flow.isInRunTrace) return;
    noteInRun(flow);
    recordInRun({ ...(by === "target" ? fromApp : toApp), ...event });
  }

  const listeners = new Map<Transport, SipListener>();
  const closeListeners = async (): Promise<void> => {
    server.dispose();
    await Promise.all([...listeners.values()].map((listener) => listener.close()));
  };
  try {
    for (const transport of new Set(transports)) {
      const port = options.ports[transport];
      listeners.set(
        transport,
        await options.listen({
          transport,
          bind: options.bind,
          ...(port === undefined ? {} : { port }),
          ...(options.advertise === undefined ? {} : { advertise: options.advertise }),
          ...(transport === "tls" ? { certificate: options.certificate } : {}),
          flow: transport,
          tap: onTap,
          filter(name, direction, bytes) {
            const { phone, ...reading } = read(name, bytes);
            return phone?.fateOf(direction, { ...reading, bytes, flow: name }) ?? "deliver";
          },
          onFlow,
          onClose(name, why, by) {
            const flow = flows.get(name);
            flows.delete(name);
            server.forget(name);
            tell(flow, { kind: "flow.closed", transport, flow: name, why }, by === "us" ? "world" : "target");
          },
          onGarbage: (name, bytes, why) =>
            tell(flows.get(name), { kind: "flow.garbage", transport, flow: name, bytes, why }, "target"),
        }),
      );
    }
  } catch (error) {
    await closeListeners();
    throw error;
  }

  return {
    server,
    listener: (transport) => listeners.get(transport),
    enter(phone) {
      phones.set(userOf(phone.account.aor) ?? "", phone);
      aors.set(phone.account.aor, phone);
    },
    async leave(phone) {
      phones.delete(userOf(phone.account.aor) ?? "");
      aors.delete(phone.account.aor);
      server.registrar.forget(phone.account.aor);
      const own = [...flows.values()].filter((flow) => flow.phones.delete(phone) && flow.phones.size === 0);
      await Promise.all(own.map(({ socket }) => socket.close()));
    },
    flowsOf: (phone) => [...flows.values()].flatMap((flow) => (lastOf(flow) === phone ? [flow.socket] : [])),
    close: closeListeners,
  };
}

/** Whose messages came over it last. */
function lastOf({ phones }: Flow): SipPhone | undefined {
  return [...phones].at(-1);
}

const fromApp = { from: "target", to: "server", by: "target" } as const;
const toApp = { from: "server", to: "target", by: "world" } as const;
const ourselves = { from: "harness", to: "harness", by: "world" } as const;
