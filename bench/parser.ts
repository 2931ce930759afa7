import { Parser } from "sip.js/lib/core/index.js";
import { parseMessage } from "../harness/wire/parse-message.ts";

const body = [
  "v=0",
  "o=alice 2890844526 2890844526 IN IP4 192.0.2.1",
  "s=-",
  "c=IN IP4 192.0.2.1",
  "t=0 0",
  "m=audio 49170 RTP/AVP 0 8 96 101",
  "a=rtpmap:0 PCMU/8000",
  "a=rtpmap:8 PCMA/8000",
  "a=rtpmap:96 opus/48000/2",
  "a=fmtp:96 minptime=10;useinbandfec=1",
  "a=rtpmap:101 telephone-event/8000",
  "a=fmtp:101 0-16",
  "a=ptime:20",
  "a=rtcp:49171 IN IP4 192.0.2.1",
  "a=sendrecv",
  "",
].join("\r\n");

/** An INVITE of about 1 KB as a push server forwards it: two Vias, pn-* parameters in the Request-URI, a session description. */
const invite = [
  "INVITE sip:bob@192.0.2.7:5070;transport=tcp;pn-provider=apns;pn-param=ABCD1234.com.example.app.voip;pn-prid=00fc13adff78512200fc13adff785122 SIP/2.0",
  "Via: SIP/2.0/TCP 192.0.2.5:5060;branch=z9hG4bKnashds8f3a1;rport",
  "Via: SIP/2.0/UDP 192.0.2.1:5062;received=192.0.2.1;rport=5062;branch=z9hG4bK776asdhds",
  "Record-Route: <sip:192.0.2.5;lr;transport=tcp>",
  "Max-Forwards: 69",
  'From: "Alice Liddell" <sip:alice@example.test>;tag=1928301774',
  "To: <sip:bob@example.test>",
  "Call-ID: a84b4c76e66710@192.0.2.1",
  "CSeq: 314159 INVITE",
  "Contact: <sip:alice@192.0.2.1:5062;transport=udp>",
  "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, UPDATE",
  "Supported: replaces, timer",
  "User-Agent: RingTrue",
  "Content-Type: application/sdp",
  `Content-Length: ${Buffer.byteLength(body)}`,
  "",
  body,
].join("\r\n");

/**
 * INVITEs parsed per second by the parser of `harness/wire` and by sip.js's own, one after the other in this process.
 * Takes about two seconds.
 */
export function benchParser(): { readonly ours: number; readonly sipjs: number } {
  const bytes = Buffer.from(invite);
  return {
    ours: perSecond(() => parseMessage(bytes)),
    sipjs: perSecond(() => Parser.parseMessage(invite, silentLogger)),
  };
}

type Logger = Parameters<typeof Parser.parseMessage>[1];

const silentLogger = { error() {}, warn() {}, log() {}, debug() {} } as unknown as Logger;

function perSecond(parse: () => unknown): number {
  const warmUpUntil = performance.now() + 200;
  while (performance.now() < warmUpUntil) parse();
  const start = performance.now();
  let parsed = 0;
  while (performance.now() - start < 800) {
    for (let round = 0; round < 10; round += 1) parse();
    parsed += 10;
  }
  return Math.round(parsed / ((performance.now() - start) / 1000));
}
