import { createHash } from "node:crypto";

/** The config's `media`: plain RTP, SRTP with its key in the SDP (RFC 4568), or DTLS-SRTP with ICE (RFC 5763, RFC 8839). */
export type Media = "rtp" | "srtp" | "webrtc";

// No media flows, so none of these protects anything: they only have to be well-formed.
const KEY = createHash("sha512").update("RingTrue").digest().subarray(0, 30).toString("base64");
const FINGERPRINT = [...createHash("sha256").update("RingTrue").digest()]
  .map((byte) => byte.toString(16).toUpperCase().padStart(2, "0"))
  .join(":");
const ICE_UFRAG = "RingTrue";
const ICE_PWD = "RingTrueSendsNoMediaAtAll";

/** Whether a media line with this protocol needs keys. */
export function isSecured(protocol: string): boolean {
  return protocol.includes("/SAVP");
}

/** The attribute lines a media description of that protocol needs; none for plain RTP. */
export function securityLines(
  protocol: string,
  own: {
    readonly host: string;
    /** Who opens DTLS (RFC 4145 section 4). */
    readonly setup: "actpass" | "active" | "passive";
    readonly mid?: string;
    /** @default "1" */
    readonly cryptoTag?: string;
  },
): readonly string[] {
  if (!isSecured(protocol)) return [];
  if (!protocol.startsWith("UDP/TLS/"))
    return [`a=crypto:${own.cryptoTag ?? "1"} AES_CM_128_HMAC_SHA1_80 inline:${KEY}`];
  return [
    ...(own.mid === undefined ? [] : [`a=mid:${own.mid}`]),
    "a=rtcp-mux",
    `a=ice-ufrag:${ICE_UFRAG}`,
    `a=ice-pwd:${ICE_PWD}`,
    `a=fingerprint:sha-256 ${FINGERPRINT}`,
    `a=setup:${own.setup}`,
    `a=candidate:1 1 udp 2130706431 ${own.host} 9 typ host`,
    "a=end-of-candidates",
  ];
}
