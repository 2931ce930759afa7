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
});
