import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { contentLength } from "./content-length.ts";
import { answeredCall, connected, replaced, without } from "./testing/ladders.ts";

describe("sip/content-length", () => {
  test("passes for a correct call over TCP", () => {
    expect(contentLength.judge(answeredCall({ transport: "tcp" }).finished()).kind).toBe("pass");
  });

  test("fails where it is missing", () => {
    const ladder = connected({ transport: "tcp" });
    ladder.callerInvites("call:1");
    const trying = ladder.callerGets("call:1", 100, { edit: without("Content-Length") });
    expect(contentLength.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "content-length-missing",
      evidence: [trying.seq],
    });
  });

  test("fails where it does not count the body", () => {
    const ladder = connected({ transport: "tcp" });
    ladder.callerInvites("call:1");
    ladder.inviteReaches("phone:1", "call:1", { edit: replaced(/Content-Length: \d+/u, "l: 7") });
    expect(contentLength.judge(ladder.finished())).toMatchObject({
      mismatch: "content-length-differs",
      actual: "Content-Length: 7",
    });
  });

  test("is not exercised over UDP, where a datagram ends by itself", () => {
    const ladder = connected();
    ladder.callerInvites("call:1");
    ladder.callerGets("call:1", 100, { edit: without("Content-Length") });
    expect(contentLength.judge(ladder.finished())).toEqual({ kind: "not-exercised" });
  });

  test("applies to targets with stream transports", () => {
    expect(contentLength.applies(testFacts())).toBe(true);
    expect(contentLength.applies(testFacts({ features: { transports: ["udp", "ws"] } }))).toBe(
      "the target declares neither tcp nor tls",
    );
  });
});
