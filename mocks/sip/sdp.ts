import { isIPv6 } from "node:net";

/** Canned descriptions: nothing sends media, so the port is the discard port and the session id a constant. */
export interface SdpOptions {
  /** Address for the connection line. @default "127.0.0.1" */
  readonly host?: string;
  readonly video?: boolean;
}

/** An offer as a phone or caller makes it: PCMU, PCMA and telephone events, and H.264 when it has video (RFC 4566, RFC 3264). */
export function sdpOffer(options: SdpOptions = {}): string {
  return describe(options.host ?? "127.0.0.1", options.video ?? false, "0 8 101");
}

/** The answer to `offer`: as many media lines in the same order, those we do not take with port 0 (RFC 3264 section 6). */
export function sdpAnswer(offer: string, options: SdpOptions = {}): string {
  const host = options.host ?? "127.0.0.1";
  const media = offer.split(/\r?\n/).filter((line) => line.startsWith("m="));
  if (media.length === 0) return sdpOffer(options);
  let audioTaken = false;
  let videoTaken = false;
  const lines = media.map((line) => {
    const [kind = "m=audio", , protocol = "RTP/AVP", ...formats] = line.split(" ");
    const takeAudio = kind === "m=audio" && !audioTaken && formats.includes("0");
    const takeVideo = kind === "m=video" && !videoTaken && (options.video ?? false);
    audioTaken ||= takeAudio;
    videoTaken ||= takeVideo;
    if (takeAudio) return `m=audio 9 ${protocol} 0`;
    if (takeVideo) return `m=video 9 ${protocol} ${formats.join(" ")}`;
    return `${kind} 0 ${protocol} ${formats.join(" ")}`;
  });
  return `${session(host)}${lines.join("\r\n")}\r\n`;
}

function describe(host: string, video: boolean, audioFormats: string): string {
  const audio = `m=audio 9 RTP/AVP ${audioFormats}\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:101 telephone-event/8000\r\na=sendrecv\r\n`;
  const moving = "m=video 9 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\na=sendrecv\r\n";
  return `${session(host)}${audio}${video ? moving : ""}`;
}

function session(host: string): string {
  const family = isIPv6(host) ? "IP6" : "IP4";
  return `v=0\r\no=ringtrue 1 1 IN ${family} ${host}\r\ns=-\r\nc=IN ${family} ${host}\r\nt=0 0\r\n`;
}
