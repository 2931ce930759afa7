import { describe, expect, test } from "vitest";
import { offersVideo } from "./sdp.ts";

const audio = "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";

describe("offersVideo", () => {
  test.each([
    ["audio alone", audio, false],
    ["audio and video", `${audio}m=video 4002 RTP/AVP 96\r\n`, true],
    ["refused video", `${audio}m=video 0 RTP/AVP 96\r\n`, false],
    ["video named elsewhere", `${audio}a=label:m=video 4002\r\n`, false],
    ["no session description", "", false],
  ])("%s", (_, text, expected) => {
    expect(offersVideo(Buffer.from(text))).toBe(expected);
  });
});
