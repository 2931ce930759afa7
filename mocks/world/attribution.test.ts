import { describe, expect, test } from "vitest";
import { attribution, type CasePort } from "./attribution.ts";
import type { Personas } from "./identities.ts";

function port(nonce: string): CasePort {
  return { caseId: `case-${nonce}`, nonce, phoneOf: () => "phone:1" } as unknown as CasePort;
}

const oneCall = { phones: [], calls: [{}] } as unknown as Personas;

describe("whose an event is", () => {
  test("a push belongs to the owner of its device token, whatever its payload says", () => {
    const who = attribution();
    const [a, b] = [port("aa-1-1"), port("aa-2-1")];
    who.enter(a, oneCall);
    who.enter(b, oneCall);
    who.issue("70ken", { service: "apns", port: a, phone: "phone:2" });
    expect(who.ownerOf("70ken", "+1555.aa-2-1.1")).toMatchObject({ port: a, phone: "phone:2" });
  });

  test("a push to an invented token belongs to the only call its payload names", () => {
    const who = attribution();
    const a = port("aa-1-1");
    who.enter(a, oneCall);
    expect(who.ownerOf("invented", `{"handle":"+1555.aa-1-1.1"}`)).toEqual({ port: a, phone: "phone:1" });
    expect(who.ownerOf("invented", "nobody")).toBeUndefined();
    expect(who.ownerOf("invented", "+1555.aa-1-1.2 is no call of the plan")).toBeUndefined();
  });

  test("a text may be claimed by two cases at once", () => {
    const who = attribution();
    who.enter(port("aa-1-1"), oneCall);
    who.enter(port("aa-2-1"), oneCall);
    const claims = who.claims('"x" <sip:+1555.aa-1-1.1@example.test>, sip:+1666.aa-2-1.1@example.test');
    expect(claims.map((claim) => claim.port.caseId)).toEqual(["case-aa-1-1", "case-aa-2-1"]);
  });

  test("a case that is over claims nothing, and its tokens stay known", () => {
    const who = attribution();
    const a = port("aa-1-1");
    who.enter(a, oneCall);
    who.issue("old", { service: "fcm", port: a, phone: "phone:1" });
    who.issue("new", { service: "fcm", port: a, phone: "phone:1" }, "old");
    who.leave(a);
    expect(who.ownerOf("new", "+1.aa-1-1.1")).toBeUndefined();
    const states = ["old", "new", "other"].map((token) => who.tokenState("fcm", token));
    expect(states).toEqual(["replaced", "current", "unknown"]);
    expect(who.tokenState("apns", "new")).toBe("unknown");
  });
});
