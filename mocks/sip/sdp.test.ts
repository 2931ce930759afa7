import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { offersVideo } from "../../harness/wire/sdp.ts";
import { sdpAnswer, sdpOffer } from "./sdp.ts";

const media = (sdp: string): string[] => sdp.split("\r\n").filter((line) => line.startsWith("m="));

describe("canned session descriptions", () => {
  test("an offer holds video only when asked", () => {
    expect(offersVideo(Buffer.from(sdpOffer()))).toBe(false);
    expect(offersVideo(Buffer.from(sdpOffer({ video: true })))).toBe(true);
  });

  test("an answer to audio and video takes what the phone has", () => {
    const offer = sdpOffer({ video: true });
    expect(media(sdpAnswer(offer))).toEqual(["m=audio 9 RTP/AVP 0", "m=video 0 RTP/AVP 96"]);
    expect(media(sdpAnswer(offer, { video: true }))).toEqual(["m=audio 9 RTP/AVP 0", "m=video 9 RTP/AVP 96"]);
  });

  test("without an offer the answer is an offer", () => {
    expect(sdpAnswer("")).toBe(sdpOffer());
  });

  test("an answer has as many media lines as its offer, of the same kinds in the same order", () => {
    const line = fc.constantFrom(
      "m=audio 4000 RTP/AVP 0 8",
      "m=audio 4002 RTP/AVP 9",
      "m=video 5000 RTP/AVP 96",
      "m=text 0 RTP/AVP 98",
    );
    fc.assert(
      fc.property(fc.array(line, { minLength: 1 }), fc.boolean(), (lines, video) => {
        const kinds = (list: string[]): (string | undefined)[] => list.map((entry) => entry.split(" ")[0]);
        const offer = `v=0\r\n${lines.join("\r\n")}\r\n`;
        expect(kinds(media(sdpAnswer(offer, { video })))).toEqual(kinds(lines));
      }),
    );
  });

  test("an answer keeps the media protected as the offer did, and takes Opus where there is no PCMU", () => {
    const srtp = sdpAnswer(sdpOffer({ media: "srtp" }).replace("a=crypto:1 ", "a=crypto:7 "));
    expect(srtp).toMatch(/^a=crypto:7 AES_CM_128_HMAC_SHA1_80 inline:/m);
    const offer = sdpOffer({ media: "webrtc", video: true }).replace("SAVPF 111 0 8 101", "SAVPF 111 101");
    const webrtc = sdpAnswer(offer, { video: true });
    expect(media(webrtc)).toEqual(["m=audio 9 UDP/TLS/RTP/SAVPF 111", "m=video 9 UDP/TLS/RTP/SAVPF 96"]);
    expect(webrtc).toContain("a=rtpmap:111 opus/48000/2");
    expect(webrtc).toContain("a=group:BUNDLE 0 1");
    expect(webrtc.match(/^a=(?:setup:passive|fingerprint:sha-256|ice-ufrag:|mid:\d|rtcp-mux)/gm)).toHaveLength(10);
    expect(sdpAnswer(offer.replaceAll("actpass", "passive"))).toContain("a=setup:active");
  });

  test.each([
    ["sendonly", "recvonly"],
    ["recvonly", "sendonly"],
    ["inactive", "inactive"],
  ])("an answer to %s is %s", (offered, answered) => {
    const offer = sdpOffer().replace("a=sendrecv", `a=${offered}`);
    expect(sdpAnswer(offer)).toContain(`a=${answered}\r\n`);
    const everywhere = sdpOffer().replace("a=sendrecv\r\n", "").replace("t=0 0\r\n", `t=0 0\r\na=${offered}\r\n`);
    expect(sdpAnswer(everywhere)).toContain(`a=${answered}\r\n`);
  });
});
