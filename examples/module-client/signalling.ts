/** What the app needs of its SIP side, whichever stack that is. */
export interface Signalling {
  /** Registers, or registers again, with this push token. */
  register(token: string | undefined): void;
  /** The network is back, or it is another one: REGISTER, where need be over a flow of its own. */
  reconnect(token: string | undefined, isSameNetwork: boolean): void;
  /** Takes the binding away, and then ends. */
  unregister(): void;
  /** The process is gone: no flow, no timer. */
  close(): void;
}

export interface SignallingEvents {
  readonly onInvite: (leg: Leg) => void;
  /** The registrar refused for good. */
  readonly onRefused: () => void;
}

/** The SIP leg of an incoming call. */
export interface Leg {
  readonly callId: string;
  readonly caller: { readonly user: string; readonly name: string };
  readonly video: boolean;
  ring(): void;
  /** 200 with an SDP answer; `onConnected` follows once it was acknowledged. */
  accept(): void;
  /** Ends it as it can be ended now: with this status, or with BYE. */
  end(status: number): void;
  hold(onHold: boolean): void;
  onConnected?: () => void;
  /** The caller ended it. */
  onEnded?: (why: "remoteEnded" | "answeredElsewhere" | "declinedElsewhere" | "failed") => void;
}

export interface Account {
  readonly aor: string;
  readonly username: string;
  readonly password: string;
  readonly registrar: {
    readonly transport: "udp" | "tcp" | "tls" | "ws";
    readonly host: string;
    readonly port: number;
    readonly domain: string;
  };
}

/** Where one process of the app registers, and who it is there. */
export interface Identity {
  readonly account: Account;
  readonly push: { readonly provider: string; readonly param: string };
  /** Of the installation (RFC 5626). */
  readonly instance: string;
}

/** What a CANCEL's Reason says of who took the call (RFC 3326). */
export function whyCancelled(reason: string): "remoteEnded" | "answeredElsewhere" | "declinedElsewhere" {
  if (/SIP\s*;.*cause=200|Q\.850\s*;.*cause=26/i.test(reason)) return "answeredElsewhere";
  return /SIP\s*;.*cause=603|Q\.850\s*;.*cause=21/i.test(reason) ? "declinedElsewhere" : "remoteEnded";
}

/** Answers an offer with its first codec per stream; without one, offers audio. There is no media engine behind it. */
export function sdpFor(offer: string, version: number, direction = "sendrecv"): string {
  const origin = `v=0\r\no=- 1 ${version} IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n`;
  const streams = [...offer.matchAll(/^m=(\w+) (\d+) (\S+) (\S+)/gm)].map(([, kind, port, proto, format]) =>
    port === "0"
      ? `m=${kind} 0 ${proto} ${format}\r\n`
      : `m=${kind} 40000 ${proto} ${format}\r\na=${direction}\r\n${rtpmapOf(offer, format!)}`,
  );
  return origin + (streams.length > 0 ? streams.join("") : `m=audio 40000 RTP/AVP 0\r\na=${direction}\r\n`);
}

function rtpmapOf(offer: string, format: string): string {
  const line = new RegExp(`^a=rtpmap:${format} .*$`, "m").exec(offer)?.[0]?.trim();
  return line === undefined ? "" : `${line}\r\n`;
}

/** The contact of a registration: outbound (RFC 5626), and the push parameters of RFC 8599 where there is a token. */
export function contactOf(user: string, sentBy: string, identity: Identity, token: string | undefined): string {
  const { account, push, instance } = identity;
  const { transport } = account.registrar;
  const way = transport === "udp" ? "" : `;transport=${transport}`;
  const pn = token === undefined ? "" : `;pn-provider=${push.provider};pn-param=${push.param};pn-prid=${token}`;
  return `<sip:${user}@${sentBy}${way}${pn}>;+sip.instance="<${instance}>";reg-id=1`;
}

/** Who a From header names. */
export function callerOf(from: string): Leg["caller"] {
  const quoted = /^\s*"((?:[^"\\]|\\.)*)"/.exec(from);
  const rest = from.slice(quoted?.[0].length ?? 0);
  const name = quoted?.[1]?.replaceAll(/\\(.)/g, "$1") ?? rest.slice(0, Math.max(0, rest.indexOf("<"))).trim();
  return { user: decodeURIComponent(/sips?:([^@>;]*)/.exec(rest)?.[1] ?? ""), name };
}
