import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSipUri, sameUri, userOf } from "./sip-uri.ts";

describe("parseSipUri", () => {
  test("takes a full SIP URI apart and keeps it as spelled", () => {
    const raw = "SIPS:Alice:secret@Example.TEST:5061;Transport=TCP;lr?Subject=x&Priority=urgent";
    const uri = parseSipUri(raw);
    expect(uri).toMatchObject({ scheme: "sips", user: "Alice", host: "example.test", port: 5061, raw });
    expect([...(uri?.params ?? [])]).toEqual([
      ["transport", "TCP"],
      ["lr", null],
    ]);
  });

  test("a URI without user and port has neither member", () => {
    expect(parseSipUri("sip:example.test")).toEqual({
      scheme: "sip",
      host: "example.test",
      params: new Map(),
      raw: "sip:example.test",
    });
  });

  test.each([
    "",
    "bob",
    ":bob",
    "sip:",
    "sip:bob@",
    "sip:bob@host:",
    "sip:bob@host:99999",
    "sip:bob@ho st",
    "sip:[::1",
    "1x:y",
    "tel:",
    "<sip:bob@host>",
  ])("%j is no URI", (text) => {
    expect(parseSipUri(text)).toBeUndefined();
  });

  test("what was put together comes apart again", () => {
    const user = fc.stringMatching(/^[A-Za-z0-9\-_.!~*'()&=+$,;?/%]{1,20}$/);
    const host = fc.stringMatching(/^[a-z][a-z0-9-]{0,10}(\.[a-z]{1,5})?$/);
    const params = fc.dictionary(
      fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/),
      fc.stringMatching(/^[A-Za-z0-9:.&+/]{1,10}$/),
    );
    fc.assert(
      fc.property(user, host, fc.option(fc.nat(65_535)), params, (userPart, hostPart, port, pairs) => {
        const tail = Object.entries(pairs)
          .map(([name, value]) => `;${name}=${value}`)
          .join("");
        const uri = parseSipUri(`sip:${userPart}@${hostPart}${port === null ? "" : `:${port}`}${tail}`);
        expect(uri).toMatchObject({ user: userPart, host: hostPart });
        expect(uri?.port).toBe(port ?? undefined);
        expect(Object.fromEntries(uri?.params ?? [])).toEqual({ ...pairs });
      }),
    );
  });
});

describe("userOf", () => {
  test.each([
    ["sip:%61lice@example.test", "alice"],
    ["sip:100%25@example.test", "100%"],
    ["sip:bad%zz@example.test", "bad%zz"],
    ["tel:+1-555-1234;isub=1", "+1-555-1234"],
    ["sip:example.test", undefined],
    ["nonsense", undefined],
  ])("of %j is %j", (uri, user) => {
    expect(userOf(uri)).toBe(user);
  });
});

describe("sameUri", () => {
  test.each([
    ["sip:%61lice@atlanta.com;transport=TCP", "sip:alice@AtLanTa.CoM;Transport=tcp"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com;newparam=5"],
    ["sip:carol@chicago.com;security=on", "sip:carol@chicago.com;newparam=5"],
    [
      "sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com",
      "sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com",
    ],
    [
      "sip:alice@atlanta.com?subject=project%20x&priority=urgent",
      "sip:alice@atlanta.com?priority=urgent&subject=project%20x",
    ],
    ["tel:+1-555-1234", "tel:+15551234"],
    ["sip:zo%C3%AB@example.test", "sip:zo%c3%ab@example.test"],
    ["sip:zoë@example.test", "sip:zo%C3%AB@example.test"],
  ])("%s equals %s", (a, b) => {
    expect(sameUri(a, b)).toBe(true);
  });

  test.each([
    ["SIP:ALICE@AtLanTa.CoM;Transport=udp", "sip:alice@AtLanTa.CoM;Transport=UDP"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com:5060"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com;transport=udp"],
    ["sip:bob@biloxi.com", "sip:bob@biloxi.com:6000;transport=tcp"],
    ["sip:carol@chicago.com", "sip:carol@chicago.com?Subject=next%20meeting"],
    ["sip:bob@phone21.boxesbybob.com", "sip:bob@192.0.2.4"],
    ["sip:carol@chicago.com;security=on", "sip:carol@chicago.com;security=off"],
    ["sip:alice@example.test", "sips:alice@example.test"],
    ["sip:alice@example.test", "sip:alice:secret@example.test"],
    ["sip:alice@example.test", "sip:example.test"],
    ["sip:a%3Bb@example.test", "sip:a;b@example.test"],
    ["sip:a@example.test;user=phone", "sip:a@example.test"],
    ["sip:a@example.test;maddr=192.0.2.1", "sip:a@example.test"],
    ["nonsense", "nonsense"],
  ])("%s does not equal %s", (a, b) => {
    expect(sameUri(a, b)).toBe(false);
  });

  test("equality goes both ways and every readable URI equals itself", () => {
    const uri = fc
      .tuple(
        fc.constantFrom("sip", "sips"),
        fc.constantFrom("", "a@", "A@", "%61@"),
        fc.constantFrom("h.test", "H.test"),
        fc.constantFrom("", ":5060"),
        fc.subarray([";lr", ";transport=tcp", ";x=1", ";x=2", ";user=phone"]),
      )
      .map(([scheme, user, host, port, params]) => `${scheme}:${user}${host}${port}${params.join("")}`);
    fc.assert(
      fc.property(uri, uri, (a, b) => {
        expect(sameUri(a, b)).toBe(sameUri(b, a));
        expect(sameUri(a, a)).toBe(true);
      }),
    );
  });
});
