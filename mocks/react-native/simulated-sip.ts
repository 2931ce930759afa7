import { randomUUID } from "node:crypto";
import type { Clock } from "../../harness/clock/clock.ts";
import { HarnessFault, TargetError } from "../../harness/errors.ts";
import type { LinkAccount } from "../device-link/messages.ts";
import type { Binding } from "../sip/bindings.ts";
import type { CancelForm } from "../sip/invite-sender.ts";
import { listenSip } from "../sip/listen-sip.ts";
import type { HeaderLine } from "../sip/message-text.ts";
import type { CallEvent } from "../sip/outgoing-call.ts";
import type { RegistrarEvent, RegistrarOptions } from "../sip/registrar.ts";
import type { Media } from "../sip/sdp.ts";
import { sipServer } from "../sip/sip-server.ts";
import { eventLog, type EventLog } from "./event-log.ts";

/** A SIP message as it crossed the registrar's socket; `in` came from the app. */
export type CrossedMessage =
  | { readonly kind: "in"; readonly text: string }
  | { readonly kind: "out"; readonly text: string };

export interface PlaceCallOptions {
  /** @default "sip:alice@<domain>" */
  readonly from?: string;
  /** @default "Alice" */
  readonly name?: string;
  /** @default a new one */
  readonly callId?: string;
  /** Further header fields, such as the one that equals the hint of the push. */
  readonly headers?: readonly HeaderLine[];
  readonly video?: boolean;
  /** Kind of the canned offer. @default "webrtc" */
  readonly media?: Media;
}

/** A call on its way to the app, or in it. */
export interface PlacedCall {
  readonly callId: string;
  readonly events: EventLog<CallEvent>;
  /** The caller hangs up before the answer. @default "plain" */
  cancel(form?: CancelForm): void;
  /** The caller hangs up after it. */
  bye(): void;
}

/** RingTrue's registrar and caller, over WebSocket. */
export interface SimulatedSip {
  readonly account: LinkAccount;
  /** Where the app connects to. */
  readonly url: string;
  readonly events: EventLog<RegistrarEvent>;
  readonly messages: EventLog<CrossedMessage>;
  /** What the app has registered, oldest first. */
  bindings(): readonly Binding[];
  /**
   * Sends an INVITE to the newest binding.
   *
   * @throws TargetError `not-registered`
   */
  call(options?: PlaceCallOptions): PlacedCall;
  /** The next REGISTERs are answered with what it gives; undefined: by the rules. */
  answerRegister(answer: RegistrarOptions["answer"]): void;
  close(): Promise<void>;
}

const DOMAIN = "example.test";

export async function simulatedSip(
  clock: Clock,
  { user, displayName }: { readonly user: string; readonly displayName: string },
): Promise<SimulatedSip> {
  const events = eventLog<RegistrarEvent>();
  const messages = eventLog<CrossedMessage>();
  const aor = `sip:${user}@${DOMAIN}`;
  const password = randomUUID();
  let answer: RegistrarOptions["answer"];
  const onFault = (message: string): void => {
    throw new HarnessFault("sip", message);
  };
  const server = sipServer({
    clock,
    domain: DOMAIN,
    accountOf: (asked) => (asked === user ? { aor, username: user, password } : undefined),
    registration: {},
    answer: (received) => answer?.(received) ?? { kind: "accept" },
    onEvent: events.push,
    onFault,
  });
  const listener = await listenSip({
    transport: "ws",
    flow: "phone",
    tap: ({ direction, bytes }) => messages.push({ kind: direction, text: Buffer.from(bytes).toString("utf8") }),
    onFlow: (flow) => server.adopt(flow),
  });
  const { host, port } = listener.address;

  return {
    account: {
      aor,
      username: user,
      password,
      displayName,
      registrar: { transport: "ws", host, port, domain: DOMAIN },
    },
    url: `ws://${host}:${port}/`,
    events: events.log,
    messages: messages.log,
    bindings: () => server.registrar.bindings(aor),
    call({ from = `sip:alice@${DOMAIN}`, name = "Alice", callId = randomUUID(), headers = [], ...offer } = {}) {
      const binding = server.registrar.bindings(aor).at(-1);
      if (binding === undefined) throw new TargetError("not-registered", `${aor} is not registered: nobody to call.`);
      const told = eventLog<CallEvent>();
      const sent = server.invite({
        binding,
        aor,
        caller: { uri: from, displayName: name },
        callId,
        headers,
        media: offer.media ?? "webrtc",
        video: offer.video ?? false,
        onEvent: told.push,
      });
      return { callId, events: told.log, cancel: (form) => sent.cancel(form), bye: () => sent.bye() };
    },
    answerRegister(next) {
      answer = next;
    },
    async close() {
      server.dispose();
      await listener.close();
    },
  };
}
