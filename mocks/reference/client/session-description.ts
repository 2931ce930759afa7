import { createHash } from "node:crypto";

/** What our own descriptions say; no media is ever sent, so the port is one nobody listens on. */
export interface OwnMedia {
  /** Address for the connection line. */
  readonly host: string;
  /** Counts the descriptions of a session (RFC 3264 section 8). */
  readonly version: number;
}

const PORT = 40_000;
const KEY = createHash("sha512").update("reference client").digest().subarray(0, 30).toString("base64");
const FINGERPRINT = [...createHash("sha256").update("reference client").digest()]
  .map((byte) => byte.toString(16).toUpperCase().padStart(2, "0"))
  .join(":");
const MIRRORED: Readonly<Record<string, string>> = {
  sendonly: "recvonly",
  recvonly: "sendonly",
  inactive: "inactive",
  sendrecv: "sendrecv",
};

/** The answer to an offer: every media line in its place, one of audio and one of video taken, the others refused with port 0 (RFC 3264 section 6). */
export function answerTo(offer: string, own: OwnMedia): string {
  const [before = [], ...sections] = sectionsOf(offer);
  if (sections.length === 0) return offerOf("rtp", own);
  const taken = new Set<string>();
  const mids: string[] = [];
  const media = sections.flatMap((section) => {
    const [kind = "", , protocol = "RTP/AVP", ...formats] = (section[0] ?? "").slice(2).split(" ");
    const mid = valueIn(section, "mid");
    const midLine = mid === undefined ? [] : [`a=mid:${mid}`];
    if ((kind !== "audio" && kind !== "video") || taken.has(kind))
      return [`m=${kind} 0 ${protocol} ${formats.join(" ")}`, ...midLine];
    taken.add(kind);
    if (mid !== undefined) mids.push(mid);
    const chosen = chosenFormats(section, formats);
    const direction =
      section.concat(before).find((line) => /^a=(sendrecv|sendonly|recvonly|inactive)$/.test(line)) ?? "a=sendrecv";
    return [
      `m=${kind} ${PORT} ${protocol} ${chosen.join(" ")}`,
      ...section.filter((line) => chosen.some((format) => line.startsWith(`a=rtpmap:${format} `))),
      `a=${MIRRORED[direction.slice(2)] ?? "sendrecv"}`,
      ...midLine,
      ...securityFor(protocol, section, before, own),
    ];
  });
  const bundle = before.some((line) => line.startsWith("a=group:BUNDLE")) ? [`a=group:BUNDLE ${mids.join(" ")}`] : [];
  return text([...sessionLines(own), ...bundle, ...media]);
}

/** An offer of ours, where the INVITE brought none. */
export function offerOf(media: "rtp" | "webrtc", own: OwnMedia): string {
  const protocol = media === "rtp" ? "RTP/AVP" : "UDP/TLS/RTP/SAVPF";
  const secured = media === "rtp" ? [] : ["a=mid:0", "a=rtcp-mux", ...dtlsLines("actpass", own)];
  return text([
    ...sessionLines(own),
    ...(media === "rtp" ? [] : ["a=group:BUNDLE 0"]),
    `m=audio ${PORT} ${protocol} 0 8 101`,
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=sendrecv",
    ...secured,
  ]);
}

/** What we said last, offered again with another direction: that is how a call is put on hold (RFC 3264 section 8.4). */
export function offeredAgain(last: string, direction: "sendrecv" | "sendonly", version: number): string {
  return last
    .replace(/^(o=\S+ \S+ )\d+/m, `$1${version}`)
    .replaceAll(/^a=(?:sendrecv|sendonly|recvonly|inactive)(?=\r?$)/gm, `a=${direction}`)
    .replaceAll(/^a=setup:\S+/gm, "a=setup:actpass");
}

/** Whether an offer asks for video. */
export function offersVideo(offer: string): boolean {
  return /^m=video [1-9]/m.test(offer);
}

/** The offer's first choice, and telephone events with it. */
function chosenFormats(section: readonly string[], formats: readonly string[]): readonly string[] {
  const events = formats.filter((format) =>
    section.some((line) => line.toLowerCase().startsWith(`a=rtpmap:${format} telephone-event/`)),
  );
  const [first = "0"] = formats.filter((format) => !events.includes(format));
  return [first, ...events];
}

/** SDES answers with the tag of the offer (RFC 4568 section 5.1.2), DTLS with the other role (RFC 5763 section 5). */
function securityFor(
  protocol: string,
  section: readonly string[],
  before: readonly string[],
  own: OwnMedia,
): readonly string[] {
  if (!protocol.includes("/SAVP")) return [];
  if (!protocol.startsWith("UDP/TLS/")) {
    const found = section
      .map((line) => /^a=crypto:(\d+) (AES_CM_128_HMAC_SHA1_(?:80|32)) /.exec(line))
      .find((one) => one);
    return [`a=crypto:${found?.[1] ?? "1"} ${found?.[2] ?? "AES_CM_128_HMAC_SHA1_80"} inline:${KEY}`];
  }
  const offered = valueIn([...section, ...before], "setup");
  const mux = section.includes("a=rtcp-mux") ? ["a=rtcp-mux"] : [];
  return [...mux, ...dtlsLines(offered === "active" ? "passive" : "active", own)];
}

function dtlsLines(setup: string, { host }: OwnMedia): readonly string[] {
  return [
    "a=ice-ufrag:refc",
    "a=ice-pwd:referenceclientsendsnomedia",
    `a=fingerprint:sha-256 ${FINGERPRINT}`,
    `a=setup:${setup}`,
    `a=candidate:1 1 udp 2130706431 ${host} ${PORT} typ host`,
    "a=end-of-candidates",
  ];
}

function sessionLines({ host, version }: OwnMedia): readonly string[] {
  const family = host.includes(":") ? "IP6" : "IP4";
  return ["v=0", `o=app 1 ${version} IN ${family} ${host}`, "s=-", `c=IN ${family} ${host}`, "t=0 0"];
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

function valueIn(lines: readonly string[], name: string): string | undefined {
  return lines.find((line) => line.startsWith(`a=${name}:`))?.slice(name.length + 3);
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\r\n`).join("");
}
