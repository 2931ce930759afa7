import { randomUUID } from "node:crypto";
import type { AppHost, SipConnection } from "ringtrue";
import {
  callerOf,
  contactOf,
  type Identity,
  type Leg,
  sdpFor,
  type Signalling,
  type SignallingEvents,
  whyCancelled,
} from "./signalling.ts";

interface Message {
  /** Of a request; empty for a response. */
  readonly method: string;
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

interface Transaction {
  readonly onFinal: (status: number) => void;
  readonly stop: () => void;
}

/** An INVITE of the caller's and what became of it. */
interface Dialog extends Leg {
  readonly invite: Message;
  readonly tag: string;
  state: "ringing" | "accepted" | "confirmed" | "over";
  cseq: number;
  version: number;
  offer: string;
  endsOnAck: boolean;
  /** Ends the repetition of a 2xx, by the CSeq of its INVITE. */
  readonly repeating: Map<string, () => void>;
}

const T1_MS = 500;
const T2_MS = 4_000;
const TIMEOUT_MS = 32_000;
const EXPIRES_S = 600;
const ALLOW = ["Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS"] as const;

/** Just enough SIP (RFC 3261) for a phone that is called, as a state machine: texts and the clock in, texts out. */
export function plainSip(host: AppHost, identity: Identity, events: SignallingEvents): Signalling {
  const { clock } = host;
  const { account } = identity;
  const { registrar, aor, username } = account;
  const isUdp = registrar.transport === "udp";
  const callId = `${random()}@app`;
  const fromTag = random();
  const timers = new Set<() => void>();
  const transactions = new Map<string, Transaction>();
  /** What a request was answered with, for when it comes again. */
  const answers = new Map<string, string>();
  const dialogs: Dialog[] = [];
  let connection: SipConnection = connect();
  let cseq = 0;

  function connect(): SipConnection {
    const opened = host.sip.connect(registrar.transport);
    opened.onMessage((bytes) => received(parse(utf8.decode(bytes))));
    return opened;
  }
  const sentBy = (): string =>
    registrar.transport === "ws" ? "app.invalid" : `${connection.local.host}:${connection.local.port}`;
  const contact = (token?: string): string => contactOf(username, sentBy(), identity, token);

  function after(delayMs: number, act: () => void): () => void {
    const cancel = clock.after(delayMs, () => {
      timers.delete(stop);
      act();
    });
    const stop = (): void => {
      timers.delete(stop);
      cancel();
    };
    timers.add(stop);
    return stop;
  }
  /** Again and again, at intervals that double. */
  function repeatedly(act: () => void, delayMs = T1_MS): () => void {
    let stop = after(delayMs, again);
    function again(): void {
      act();
      delayMs = Math.min(2 * delayMs, T2_MS);
      stop = after(delayMs, again);
    }
    return () => stop();
  }

  function request(
    method: string,
    uri: string,
    headers: readonly string[],
    onFinal: (status: number) => void,
    body = "",
  ): void {
    const branch = `z9hG4bK${random()}`;
    const via = `SIP/2.0/${registrar.transport.toUpperCase()} ${sentBy()};branch=${branch};rport`;
    const text = `${[`${method} ${uri} SIP/2.0`, `Via: ${via}`, "Max-Forwards: 70", ...headers, `Content-Length: ${Buffer.byteLength(body)}`].join("\r\n")}\r\n\r\n${body}`;
    connection.send(text);
    if (method === "ACK") return;
    const stopRepeating = isUdp ? repeatedly(() => connection.send(text)) : () => {};
    const stopWaiting = after(TIMEOUT_MS, () => settle(408));
    const stop = (): void => {
      stopRepeating();
      stopWaiting();
      transactions.delete(branch);
    };
    const settle = (status: number): void => {
      stop();
      onFinal(status);
    };
    transactions.set(branch, { onFinal: settle, stop });
  }

  function register(token: string | undefined, expiresS = EXPIRES_S, done: () => void = () => {}): void {
    cseq += 1;
    const headers = [
      `From: <${aor}>;tag=${fromTag}`,
      `To: <${aor}>`,
      `Call-ID: ${callId}`,
      `CSeq: ${cseq} REGISTER`,
      `Contact: ${contact(token)}`,
      `Expires: ${expiresS}`,
      "Supported: path, outbound",
    ];
    request("REGISTER", `sip:${registrar.domain}`, headers, (status) => {
      if (status >= 400 && status < 500 && status !== 408) events.onRefused();
      done();
    });
  }

  function received(message: Message): void {
    const via = headerOf(message, "via");
    const branch = /branch=([^;,\s]+)/.exec(via)?.[1] ?? "";
    if (message.method === "") {
      const found = transactions.get(branch);
      if (message.status >= 200) found?.onFinal(message.status);
      return;
    }
    if (message.method === "ACK") return acknowledged(message);
    const key = `${branch} ${via.split(";")[0]} ${message.method}`;
    const answered = answers.get(key);
    if (answered !== undefined) connection.send(answered);
    else if (message.method === "CANCEL") cancelled(message);
    else if (/;tag=/.test(headerOf(message, "to"))) inDialog(message);
    else if (message.method === "INVITE") invited(message);
    else answer(message, message.method === "OPTIONS" ? 200 : 405);
  }

  function answer(to: Message, status: number, tag = random(), body = ""): string {
    const via = to.headers.filter(([name]) => name === "via");
    const toHeader = headerOf(to, "to");
    const text = [
      `SIP/2.0 ${status} ${status < 300 ? "OK" : "Not now"}`,
      ...via.map(([, value]) => `Via: ${value}`),
      ...to.headers.filter(([name]) => name === "record-route").map(([, value]) => `Record-Route: ${value}`),
      `From: ${headerOf(to, "from")}`,
      `To: ${/;tag=/.test(toHeader) || status === 100 ? toHeader : `${toHeader};tag=${tag}`}`,
      `Call-ID: ${headerOf(to, "call-id")}`,
      `CSeq: ${headerOf(to, "cseq")}`,
      `${ALLOW[0]}: ${ALLOW[1]}`,
      ...(status === 200 || status === 180 ? [`Contact: <sip:${username}@${sentBy()}>`] : []),
      ...(body === "" ? [] : ["Content-Type: application/sdp"]),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ].join("\r\n");
    const whole = `${text}\r\n\r\n${body}`;
    const branch = /branch=([^;,\s]+)/.exec(via[0]?.[1] ?? "")?.[1] ?? "";
    answers.set(`${branch} ${via[0]?.[1].split(";")[0]} ${to.method}`, whole);
    connection.send(whole);
    return whole;
  }

  function invited(invite: Message): void {
    const id = headerOf(invite, "call-id");
    const from = headerOf(invite, "from");
    // RFC 3261 section 8.2.2.2: another branch of what is here already.
    if (dialogs.some((one) => one.callId === id && headerOf(one.invite, "from") === from))
      return void answer(invite, 482);
    answer(invite, 100);
    const dialog: Dialog = {
      invite,
      callId: id,
      caller: callerOf(from),
      video: /^m=video [1-9]/m.test(invite.body),
      tag: random(),
      state: "ringing",
      cseq: 0,
      version: 1,
      offer: invite.body,
      endsOnAck: false,
      repeating: new Map(),
      ring() {
        if (dialog.state === "ringing") answer(invite, 180, dialog.tag);
      },
      accept() {
        if (dialog.state !== "ringing") return;
        dialog.state = "accepted";
        accept(dialog, invite);
      },
      end(status) {
        if (dialog.state === "ringing") answer(invite, status, dialog.tag);
        else if (dialog.state === "confirmed") fromUs(dialog, "BYE");
        else if (dialog.state === "accepted") {
          dialog.endsOnAck = true;
          return;
        }
        over(dialog);
      },
      hold(onHold) {
        if (dialog.state !== "confirmed") return;
        dialog.version += 1;
        fromUs(dialog, "INVITE", sdpFor(dialog.offer, dialog.version, onHold ? "sendonly" : "sendrecv"));
      },
    };
    dialogs.push(dialog);
    events.onInvite(dialog);
  }

  /** A 2xx is repeated until its ACK comes (section 13.3.1.4). */
  function accept(dialog: Dialog, invite: Message): void {
    const sdp = sdpFor(invite.body === "" ? dialog.offer : invite.body, dialog.version);
    const text = answer(invite, 200, dialog.tag, sdp);
    const stopRepeating = repeatedly(() => connection.send(text));
    const stopWaiting = after(TIMEOUT_MS, () => {
      stopRepeating();
      fromUs(dialog, "BYE");
      over(dialog);
      dialog.onEnded?.("failed");
    });
    dialog.repeating.set(numberOf(invite), () => {
      stopRepeating();
      stopWaiting();
    });
  }
  function acknowledged(ack: Message): void {
    const dialog = dialogOf(ack);
    dialog?.repeating.get(numberOf(ack))?.();
    if (dialog?.state !== "accepted") return;
    dialog.state = "confirmed";
    if (dialog.endsOnAck) dialog.end(0);
    else dialog.onConnected?.();
  }
  function cancelled(cancel: Message): void {
    const id = headerOf(cancel, "call-id");
    const dialog = dialogs.find((one) => one.callId === id && numberOf(one.invite) === numberOf(cancel));
    answer(cancel, dialog === undefined ? 481 : 200, dialog?.tag);
    if (dialog?.state !== "ringing") return;
    answer(dialog.invite, 487, dialog.tag);
    over(dialog);
    dialog.onEnded?.(whyCancelled(headerOf(cancel, "reason")));
  }

  function inDialog(message: Message): void {
    const dialog = dialogOf(message);
    if (dialog === undefined || dialog.state === "over") return void answer(message, 481);
    if (message.method === "BYE") {
      answer(message, 200);
      if (dialog.state === "ringing") answer(dialog.invite, 487, dialog.tag);
      over(dialog);
      dialog.onEnded?.("remoteEnded");
    } else if (message.method === "INVITE") {
      dialog.version += 1;
      accept(dialog, message);
    } else answer(message, message.method === "OPTIONS" ? 200 : 405);
  }
  function dialogOf(message: Message): Dialog | undefined {
    const id = headerOf(message, "call-id");
    return dialogs.find((one) => one.callId === id && headerOf(message, "to").includes(`tag=${one.tag}`));
  }
  function over(dialog: Dialog): void {
    dialog.state = "over";
    for (const stop of dialog.repeating.values()) stop();
  }
  /** A request of ours within the dialog. */
  function fromUs(dialog: Dialog, method: string, body = ""): void {
    dialog.cseq += 1;
    const { invite, cseq: number, tag } = dialog;
    const target = /<([^>]+)>/.exec(headerOf(invite, "contact"))?.[1] ?? headerOf(invite, "contact");
    const headers = (what: string): readonly string[] => [
      ...invite.headers.filter(([name]) => name === "record-route").map(([, value]) => `Route: ${value}`),
      `From: ${headerOf(invite, "to")};tag=${tag}`,
      `To: ${headerOf(invite, "from")}`,
      `Call-ID: ${dialog.callId}`,
      `CSeq: ${number} ${what}`,
      ...(what === "INVITE" ? [`Contact: <sip:${username}@${sentBy()}>`, "Content-Type: application/sdp"] : []),
    ];
    const ack = (status: number): void => {
      if (method === "INVITE" && status < 300) request("ACK", target, headers("ACK"), () => {});
    };
    request(method, target, headers(method), ack, body);
  }

  return {
    register: (token) => register(token),
    reconnect(token, isSameNetwork) {
      // The address is the same, and a UDP port knows no connection that could have died.
      if (isUdp && isSameNetwork) return register(token);
      for (const { stop } of transactions.values()) stop();
      connection.close();
      connection = connect();
      for (const dialog of dialogs) {
        // It came to an address that is the phone's no longer.
        if (dialog.state !== "ringing") continue;
        dialog.end(480);
        dialog.onEnded?.("failed");
      }
      register(token);
    },
    unregister() {
      register(undefined, 0, () => connection.close());
    },
    close() {
      connection.close();
      for (const stop of timers) stop();
    },
  };
}

const utf8 = new TextDecoder();

function parse(text: string): Message {
  const end = text.indexOf("\r\n\r\n");
  const body = end < 0 ? "" : text.slice(end + 4);
  const [first = "", ...lines] = (end < 0 ? text : text.slice(0, end)).split("\r\n");
  const status = Number(/^SIP\/2\.0 (\d+)/.exec(first)?.[1] ?? 0);
  return {
    method: status === 0 ? (first.split(" ")[0] ?? "") : "",
    status,
    headers: lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
    body,
  };
}
function headerOf({ headers }: Message, name: string): string {
  return headers.find(([known]) => known === name)?.[1] ?? "";
}
function numberOf(message: Message): string {
  return headerOf(message, "cseq").split(" ")[0] ?? "";
}
function random(): string {
  return randomUUID().replaceAll("-", "");
}
