import { isIPv6 } from "node:net";
import { isSecured, securityLines, type Media } from "./sdp-security.ts";

export type { Media } from "./sdp-security.ts";

/** Canned descriptions: nothing sends media, so the port is the discard port and the session id a constant. */
export interface SdpOptions {
  /** Address for the connection line. @default "127.0.0.1" */
  readonly host?: string;
  readonly video?: boolean;
}

export interface OfferOptions extends SdpOptions {
  /** What carries the media. @default "rtp" */
  readonly media?: Media;
  /** @default "sendrecv" */
  readonly direction?: "sendrecv" | "sendonly";
  /** Counts the descriptions of a session (RFC 3264 section 8). @default 1 */
  readonly version?: number;
}

/** What stands on the media line. */
const PROTOCOLS: Readonly<Record<Media, string>> = {
  rtp: "RTP/AVP",
  srtp: "RTP/SAVP",
  webrtc: "UDP/TLS/RTP/SAVPF",
};
const REVERSED: Readonly<Record<string, string>> = { sendonly: "recvonly", recvonly: "sendonly", inactive: "inactive" };

/** An offer as a phone or caller makes it: PCMU, PCMA and telephone events (and Opus with WebRTC), H.264 when it has video (RFC 4566, RFC 3264). */
export function sdpOffer(options: OfferOptions = {}): string {
  const { host = "127.0.0.1", video = false, media = "rtp", direction = "sendrecv", version = 1 } = options;
  const protocol = PROTOCOLS[media];
  const opus = media === "webrtc";
  const audio = [
    `m=audio 9 ${protocol} ${opus ? "111 " : ""}0 8 101`,
    ...(opus ? ["a=rtpmap:111 opus/48000/2"] : []),
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:101 telephone-event/8000",
    `a=${direction}`,
    ...securityLines(protocol, { host, setup: "actpass", mid: "0" }),
  ];
  const moving = [
    `m=video 9 ${protocol} 96`,
    "a=rtpmap:96 H264/90000",
    `a=${direction}`,
    ...securityLines(protocol, { host, setup: "actpass", mid: "1" }),
  ];
  const bundled = media === "webrtc" ? (video ? ["0", "1"] : ["0"]) : [];
  return lines([...session(host, version, media === "webrtc", bundled), ...audio, ...(video ? moving : [])]);
}

/** The answer to `offer`: as many media lines in the same order, those we do not take with port 0 (RFC 3264 section 6). */
export function sdpAnswer(offer: string, options: SdpOptions = {}): string {
  const { host = "127.0.0.1" } = options;
  const [before = [], ...sections] = sectionsOf(offer);
  if (sections.length === 0) return sdpOffer(options);
  const everywhere = attribute(before, /^a=(sendonly|recvonly|inactive)$/);
  let audioTaken = false;
  let videoTaken = false;
  const bundled: string[] = [];
  const answered = sections.flatMap((section) => {
    const [kind = "m=audio", , protocol = "RTP/AVP", ...formats] = (section[0] ?? "").split(" ");
    // A browser may well leave PCMU out.
    const audio = formats.includes("0") ? "0" : isSecured(protocol) ? formats[0] : undefined;
    const takeAudio = kind === "m=audio" && !audioTaken && audio !== undefined;
    const takeVideo = kind === "m=video" && !videoTaken && (options.video ?? false);
    audioTaken ||= takeAudio;
    videoTaken ||= takeVideo;
    const mid = attribute(section, /^a=mid:(.+)$/);
    if (!takeAudio && !takeVideo)
      return [`${kind} 0 ${protocol} ${formats.join(" ")}`, ...(mid === undefined ? [] : [`a=mid:${mid}`])];
    if (mid !== undefined) bundled.push(mid);
    const direction = REVERSED[attribute(section, /^a=(sendonly|recvonly|inactive|sendrecv)$/) ?? everywhere ?? ""];
    const taken = takeAudio ? [audio] : formats;
    const maps = section.filter((line) => taken.some((format) => line.startsWith(`a=rtpmap:${format} `)));
    return [
      takeAudio ? `m=audio 9 ${protocol} ${audio}` : `m=video 9 ${protocol} ${formats.join(" ")}`,
      ...maps,
      ...(direction === undefined ? [] : [`a=${direction}`]),
      ...securityLines(protocol, {
        host,
        setup: attribute([...section, ...before], /^a=setup:(\S+)$/) === "passive" ? "active" : "passive",
        ...(mid === undefined ? {} : { mid }),
        cryptoTag: attribute(section, /^a=crypto:(\d+) AES_CM_128_HMAC_SHA1_80 /) ?? "1",
      }),
    ];
  });
  const isBundle = before.some((line) => line.startsWith("a=group:BUNDLE"));
  const isIce = answered.some((line) => line.startsWith("a=candidate:"));
  return lines([...session(host, 1, isIce, isBundle ? bundled : []), ...answered]);
}

/** Lines before the first media line, then one list per media line. */
function sectionsOf(sdp: string): string[][] {
  const sections: string[][] = [[]];
  for (const line of sdp.split(/\r?\n/)) {
    if (line.startsWith("m=")) sections.push([]);
    if (line !== "") sections.at(-1)?.push(line);
  }
  return sections;
}

function attribute(section: readonly string[], pattern: RegExp): string | undefined {
  for (const line of section) {
    const found = pattern.exec(line);
    if (found !== null) return found[1];
  }
  return undefined;
}

function session(host: string, version: number, ice: boolean, bundled: readonly string[]): readonly string[] {
  const family = isIPv6(host) ? "IP6" : "IP4";
  return [
    "v=0",
    `o=ringtrue 1 ${version} IN ${family} ${host}`,
    "s=-",
    `c=IN ${family} ${host}`,
    "t=0 0",
    // An end that only answers checks (RFC 8839 section 5.3); one transport for all media (RFC 9143).
    ...(ice ? ["a=ice-lite"] : []),
    ...(bundled.length === 0 ? [] : [`a=group:BUNDLE ${bundled.join(" ")}`]),
  ];
}

function lines(all: readonly string[]): string {
  return all.map((line) => `${line}\r\n`).join("");
}
