import { describe, expect, test } from "vitest";
import {
  contacts,
  cseq,
  expires,
  fromTag,
  header,
  headerValues,
  maxForwards,
  methodOf,
  toTag,
  topVia,
} from "./headers.ts";
import { parseMessage } from "./parse-message.ts";
import type { SipMessage } from "./sip-message.ts";

function read(...lines: readonly string[]): SipMessage {
  const message = parseMessage(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`));
  if (message.kind === "not-sip") throw new Error(message.why);
  return message;
}

describe("headers", () => {
  test("the first of several rows is the header, whatever the spelling asked for", () => {
    const message = read("SIP/2.0 200 OK", "ROUTE: <sip:a>", "Route: <sip:b>");
    expect([header(message, "route"), header(message, "Route"), header(message, "Record-Route")]).toEqual([
      "<sip:a>",
      "<sip:a>",
      undefined,
    ]);
  });

  test("list headers are split outside quotes and brackets, over all rows in order", () => {
    const message = read(
      "SIP/2.0 200 OK",
      'Contact: "Lee, Ann" <sip:a@192.0.2.1?x=1,2>;q=1, <sip:b@192.0.2.2>',
      "m: sip:c@192.0.2.3",
      "Supported: ",
      "Allow: INVITE,ACK ,  BYE",
    );
    expect(headerValues(message, "contact")).toEqual([
      '"Lee, Ann" <sip:a@192.0.2.1?x=1,2>;q=1',
      "<sip:b@192.0.2.2>",
      "sip:c@192.0.2.3",
    ]);
    expect(headerValues(message, "Allow")).toEqual(["INVITE", "ACK", "BYE"]);
    expect(headerValues(message, "Supported")).toEqual([]);
  });

  test("headers that are no lists keep their commas", () => {
    const message = read(
      "SIP/2.0 401 Unauthorized",
      "Date: Sat, 13 Nov 2010 23:29:00 GMT",
      'WWW-Authenticate: Digest realm="a", nonce="b"',
      'WWW-Authenticate: Digest realm="c", nonce="d"',
      "X-Token: a,b",
    );
    expect(headerValues(message, "Date")).toEqual(["Sat, 13 Nov 2010 23:29:00 GMT"]);
    expect(headerValues(message, "WWW-Authenticate")).toHaveLength(2);
    expect(headerValues(message, "x-token")).toEqual(["a,b"]);
  });

  test("the usual headers are taken apart", () => {
    const message = read(
      "SIP/2.0 180 Ringing",
      "Via: SIP/2.0/TCP 192.0.2.1:5060;rport=1234;branch=z9hG4bK1",
      "From: <sip:a@example.test>;TAG=One",
      "To: <sip:b@example.test>",
      "CSeq: 7 INVITE",
      "Max-Forwards: 69",
      "Expires: 3600",
      "Contact: sip:b@192.0.2.2;expires=60",
    );
    expect(topVia(message)).toMatchObject({ transport: "TCP", host: "192.0.2.1", port: 5060, branch: "z9hG4bK1" });
    expect(topVia(message)?.params.get("rport")).toBe("1234");
    expect([fromTag(message), toTag(message)]).toEqual(["One", undefined]);
    expect(cseq(message)).toEqual({ number: 7, method: "INVITE" });
    expect(methodOf(message)).toBe("INVITE");
    expect([maxForwards(message), expires(message)]).toEqual([69, 3600]);
    const contact = contacts(message)[0];
    expect(contact !== "*" && contact?.params.get("expires")).toBe("60");
    expect(contact !== "*" && contact?.uri.params.size).toBe(0);
  });

  test("a changed copy of a message is read afresh", () => {
    const message = read("BYE sip:b@example.test SIP/2.0", "CSeq: 1 BYE");
    const copy: SipMessage = { ...message, headers: [{ name: "cseq", spelled: "CSeq", value: "2 BYE" }] };
    expect([cseq(message)?.number, cseq(copy)?.number]).toEqual([1, 2]);
  });
});
