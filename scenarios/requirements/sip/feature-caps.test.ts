import { describe, expect, test } from "vitest";
import { testFacts } from "../../../harness/judge/testing/default-facts.ts";
import { featureCaps } from "./feature-caps.ts";
import { connected, silence } from "./testing/ladders.ts";

/** A registration whose 2xx carries that header line. */
function registered(line: string) {
  const { request, response } = connected().registers("phone:1");
  const ladder = silence();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  ladder.sip("phone", "target", text(request.bytes), { flow: "f", phone: "phone:1" });
  ladder.sip("target", "phone", text(response.bytes).replace("\r\nContact:", `${line}\r\nContact:`), {
    flow: "f",
    phone: "phone:1",
  });
  return ladder.finished();
}

describe("sip/feature-caps", () => {
  test.each([
    '\r\nFeature-Caps: *;+sip.pns="apns"',
    '\r\nfeature-caps: *;+sip.pnsreg="120";+SIP.PNS="apns"',
    "\r\nFeature-Caps: *;+sip.pns",
  ])("passes for%s", (line) => {
    expect(featureCaps.judge(registered(line)).kind).toBe("pass");
  });

  test.each(["", '\r\nFeature-Caps: *;+sip.pnsreg="120"'])("fails for '%s'", (line) => {
    expect(featureCaps.judge(registered(line))).toMatchObject({
      kind: "fail",
      mismatch: "no-feature-caps",
      evidence: [0, 1],
    });
  });

  test("is not exercised by refused registrations", () => {
    const ladder = silence();
    ladder.opensFlow("phone:1");
    ladder.registers("phone:1", { status: 403 });
    expect(featureCaps.judge(ladder.finished())).toEqual({ kind: "not-exercised" });
  });

  test("applies to profiles that register pn-provider", () => {
    expect(featureCaps.applies(testFacts())).toBe(true);
    expect(featureCaps.applies(testFacts({ profile: { id: "other", registration: {} } }))).toBe(
      "profile other registers without pn-provider",
    );
  });
});
