import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { header, headerValues } from "./headers.ts";
import { parseMessage } from "./parse-message.ts";
import type { SipMessage } from "./sip-message.ts";

const mandatory = [
  "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK776asdhds",
  "Max-Forwards: 70",
  "From: Alice <sip:alice@example.test>;tag=1928301774",
  "To: Bob <sip:bob@example.test>",
  "Call-ID: a84b4c76e66710@192.0.2.1",
  "CSeq: 314159 INVITE",
];

function parse(lines: readonly string[], body = ""): SipMessage {
  const message = parseMessage(Buffer.from(`${lines.join("\r\n")}\r\n\r\n${body}`));
  if (message.kind === "not-sip") throw new Error(message.why);
  return message;
}

function rules(message: SipMessage): readonly string[] {
  return message.findings.map((finding) => finding.rule);
}

/** The rules broken by an ordinary INVITE with those rows besides, or instead of those of the same name. */
function rulesWith(...rows: readonly string[]): readonly string[] {
  const replaced = new Set(rows.map((row) => row.split(":")[0]?.toLowerCase()));
  const kept = mandatory.filter((row) => !replaced.has(row.split(":")[0]?.toLowerCase()));
  return rules(parse(["INVITE sip:bob@example.test SIP/2.0", ...kept, ...rows]));
}

describe("parseMessage", () => {
  test("reads an ordinary request without a finding", () => {
    const message = parse(
      ["INVITE sip:bob@example.test SIP/2.0", ...mandatory, "Content-Type: application/sdp", "Content-Length: 4"],
      "v=0\n",
    );
    expect(message).toMatchObject({ kind: "request", method: "INVITE", uri: "sip:bob@example.test", findings: [] });
    expect(message.headers.map((field) => field.spelled)).toEqual([
      "Via",
      "Max-Forwards",
      "From",
      "To",
      "Call-ID",
      "CSeq",
      "Content-Type",
      "Content-Length",
    ]);
    expect(Buffer.from(message.body).toString()).toBe("v=0\n");
  });

  test("reads an ordinary response without a finding", () => {
    const message = parse(["SIP/2.0 180 Ringing", ...mandatory]);
    expect(message).toMatchObject({ kind: "response", status: 180, reason: "Ringing", findings: [] });
    expect(message.body).toHaveLength(0);
  });

  test("maps every compact form to its long name and keeps the spelling", () => {
    const message = parse([
      "INVITE sip:bob@example.test SIP/2.0",
      "v: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1",
      "f: <sip:alice@example.test>;tag=1",
      "t: <sip:bob@example.test>",
      "i: 1@example.test",
      "m: <sip:alice@192.0.2.1>",
      "CSeq: 1 INVITE",
      "c: application/sdp",
      "e: identity",
      "k: timer",
      "s: lunch",
      "o: presence",
      "u: presence",
      "b: <sip:c@example.test>",
      "r: <sip:d@example.test>",
      "x: 1800",
      "l: 0",
    ]);
    expect(rules(message)).toEqual([]);
    expect(message.headers.map((field) => field.name)).toEqual([
      "via",
      "from",
      "to",
      "call-id",
      "contact",
      "cseq",
      "content-type",
      "content-encoding",
      "supported",
      "subject",
      "event",
      "allow-events",
      "referred-by",
      "refer-to",
      "session-expires",
      "content-length",
    ]);
    expect(message.headers[0]?.spelled).toBe("v");
    expect(header(message, "Supported")).toBe("timer");
    expect(header(message, "K")).toBe("timer");
  });

  test("unfolds a header into one value with single spaces", () => {
    const message = parse(["OPTIONS sip:b@example.test SIP/2.0", "Subject: I know\r\n \t you are there,\r\n  pick up"]);
    expect(header(message, "subject")).toBe("I know you are there, pick up");
    expect(rules(message)).toEqual([]);
  });

  test("header names of object machinery are harmless", () => {
    const message = parse(["OPTIONS sip:b@example.test SIP/2.0", "__proto__: 1", "constructor: 2", "toString: 3"]);
    expect(["__proto__", "constructor", "tostring"].map((name) => header(message, name))).toEqual(["1", "2", "3"]);
    expect(headerValues(message, "hasOwnProperty")).toEqual([]);
    expect(rules(message)).toEqual([]);
  });

  test("ignores CRLFs before the start line", () => {
    expect(parseMessage(Buffer.from("\r\n\r\nOPTIONS sip:b@example.test SIP/2.0\r\n\r\n"))).toMatchObject({
      kind: "request",
      findings: [],
    });
  });

  test("cuts the body in bytes, not in characters", () => {
    const message = parse(["MESSAGE sip:b@example.test SIP/2.0", "Content-Type: text/plain", "Content-Length: 2"], "é");
    expect(Buffer.from(message.body).toString()).toBe("é");
    expect(rules(message)).toEqual([]);
  });

  test("a body that is no UTF-8 is nothing wrong", () => {
    const head =
      "MESSAGE sip:b@example.test SIP/2.0\r\nContent-Type: application/octet-stream\r\nContent-Length: 3\r\n\r\n";
    const message = parseMessage(Buffer.concat([Buffer.from(head), Buffer.from([0xff, 0x00, 0xfe])]));
    expect(message).toMatchObject({ kind: "request", findings: [], body: Buffer.from([0xff, 0x00, 0xfe]) });
  });

  test.each([
    ["nothing", ""],
    ["line ends only", "\r\n\r\n"],
    ["another protocol", "GET / HTTP/1.1\r\nHost: example.test\r\n\r\n"],
    ["words without a version", "INVITE sip:bob@example.test\r\n\r\n"],
    ["a status line without a code", "SIP/2.0 OK\r\n\r\n"],
    ["binary", "\u0000\u0001\u0002\u0003"],
  ])("says why %s is not SIP", (_, text) => {
    const result = parseMessage(Buffer.from(text));
    expect(result.kind).toBe("not-sip");
    expect(result.kind === "not-sip" && result.why.length > 0).toBe(true);
  });

  test.each([
    ["a header without colon", ["Nonsense"], ["header-without-colon"]],
    ["a header name with a space", ["X Y: 1"], ["bad-header-name"]],
    ["a header without a name", [": 1"], ["bad-header-name"]],
    ["a fold between name and colon", ["X-Long\r\n : 1"], ["fold-before-colon"]],
    ["a control character", ["Subject: a\u0007b"], ["control-character"]],
    ["a lone CR", ["Subject: a\rb"], ["control-character"]],
    ["two subjects in long and compact form", ["Subject: a", "s: b"], ["duplicate-single-header"]],
    ["two CSeqs", ["CSeq: 1 INVITE", "CSeq: 2 INVITE"], ["duplicate-single-header"]],
    ["a negative Content-Length", ["Content-Length: -999"], ["content-length-invalid"]],
    ["a Content-Length over the body", ["Content-Length: 9999"], ["content-length-too-large"]],
    ["two Content-Lengths", ["Content-Length: 0", "l: 0"], ["content-length-repeated"]],
    ["a CSeq without method", ["CSeq: 1"], ["cseq-invalid"]],
    ["a CSeq that is no number", ["CSeq: one INVITE"], ["cseq-invalid"]],
    ["a CSeq of another method", ["CSeq: 1 BYE"], ["cseq-method-differs"]],
    ["a CSeq of 2**31", ["CSeq: 2147483648 INVITE"], ["cseq-too-large"]],
    ["Max-Forwards over 255", ["Max-Forwards: 300"], ["max-forwards-invalid"]],
    ["Max-Forwards in words", ["Max-Forwards: many"], ["max-forwards-invalid"]],
    ["Expires with a sign", ["Expires: -1"], ["expires-invalid"]],
    ["a Call-ID with a space", ["Call-ID: a b"], ["bad-call-id"]],
    ["an empty Via", ["Via:"], ["bad-via"]],
    ["a Via without sent-by", ["Via: SIP/2.0/UDP ;branch=z9hG4bK1"], ["bad-via"]],
    ["a Via with empty parameters", ["Via: SIP/2.0/UDP 192.0.2.1;;branch=z9hG4bK1"], ["bad-via"]],
    ["a From without URI", ["From: alice;tag=1"], ["bad-from"]],
    ["a From whose bracket is never closed", ["From: <sip:alice@example.test;tag=1"], ["bad-from"]],
    ["a To with a bad port", ["To: <sip:bob@example.test:port>"], ["bad-to"]],
    ["a Contact with spaces inside the brackets", ["Contact: < sip:a@192.0.2.1 >"], ["bad-contact"]],
    [
      "an unquoted display name with a comma",
      ["From: Bell, Alexander <sip:a@example.test>;tag=1"],
      ["name-address-unquoted-display-name"],
    ],
    [
      "an unquoted display name with UTF-8",
      ["From: José <sip:a@example.test>;tag=1"],
      ["name-address-unquoted-display-name"],
    ],
    ["two tags", ["From: <sip:a@example.test>;tag=1;tag=2"], ["duplicate-parameter"]],
    [
      "a question mark in a URI without brackets",
      ["Contact: sip:a@192.0.2.1?Route=x"],
      ["name-address-without-brackets"],
    ],
    ["a Contact parameter with =", ["Contact: <sip:a@192.0.2.1;pn-prid=ab+/c==>"], ["contact-param-equals"]],
    ["a Contact header parameter with =", ["Contact: <sip:a@192.0.2.1>;token=a=b"], ["contact-param-equals"]],
    ["a quoted Contact parameter with =", ['Contact: <sip:a@192.0.2.1>;+sip.instance="<urn:x=y>"'], []],
    ["Contact: *", ["Contact: *"], []],
    ["headers may repeat where they are lists", ["Allow: INVITE", "Allow: ACK, BYE", "X-Other: 1", "X-Other: 2"], []],
  ])("%s is noted", (_, rows, expected) => {
    expect(rulesWith(...rows)).toEqual(expected);
  });

  test.each([
    ["INVITE sip:bob@example.test; lr SIP/2.0", "request-uri-space"],
    ["INVITE <sip:bob@example.test> SIP/2.0", "request-uri-in-brackets"],
    ["INVITE  sip:bob@example.test SIP/2.0", "start-line-whitespace"],
    ["INVITE sip:bob@example.test SIP/2.0 ", "start-line-whitespace"],
    ["INVITE sip:bob@example.test?Subject=x SIP/2.0", "request-uri-headers"],
    ["INVITE bob SIP/2.0", "bad-request-uri"],
    ["INVITE sip:@ SIP/2.0", "bad-request-uri"],
    ["INV\u0001ITE sip:bob@example.test SIP/2.0", "bad-method"],
    ["INVITE sip:bob@example.test SIP/7.0", "version-not-2.0"],
    ["SIP/3.0 200 OK", "version-not-2.0"],
    ["SIP/2.0 99 Low", "status-out-of-range"],
    ["SIP/2.0 700 High", "status-out-of-range"],
    ["SIP/2.0 4294967301 Huge", "status-out-of-range"],
    ["SIP/2.0 200", "bad-status-line"],
  ])("the start line %j is noted as %s", (line, rule) => {
    expect(rules(parse([line, "Subject: x"]))).toContain(rule);
  });

  test("bare line feeds are read as line ends and noted once", () => {
    const message = parseMessage(
      Buffer.from("OPTIONS sip:b@example.test SIP/2.0\nSubject: a\n b\nPriority: urgent\n\n"),
    );
    expect(message).toMatchObject({ kind: "request", findings: [{ rule: "bare-line-feed" }] });
    expect(message.kind !== "not-sip" && header(message, "subject")).toBe("a b");
    expect(message.kind !== "not-sip" && header(message, "priority")).toBe("urgent");
  });

  test("line feeds in the body are its own affair", () => {
    const message = parse(
      ["MESSAGE sip:b@example.test SIP/2.0", "Content-Type: text/plain", "Content-Length: 4"],
      "\n\n\n\n",
    );
    expect(message.findings).toEqual([]);
  });

  test("a folded line with no header before it is noted and not taken for one", () => {
    const message = parse(["OPTIONS sip:b@example.test SIP/2.0", " Subject: x", "Priority: urgent"]);
    expect(rules(message)).toEqual(["fold-without-header"]);
    expect(message.headers.map((field) => field.name)).toEqual(["priority"]);
  });

  test("a message that breaks off in its headers is noted and kept", () => {
    const message = parseMessage(Buffer.from("OPTIONS sip:b@example.test SIP/2.0\r\nSubject: x\r\nPrior"));
    expect(message).toMatchObject({ kind: "request", headers: [{ name: "subject", value: "x" }] });
    expect(message.kind === "request" && rules(message)).toEqual(["header-without-colon", "no-end-of-headers"]);
  });

  test("bytes beyond Content-Length are cut off and noted", () => {
    const message = parse(
      ["MESSAGE sip:b@example.test SIP/2.0", "Content-Type: text/plain", "Content-Length: 2"],
      "abcdef",
    );
    expect(rules(message)).toEqual(["content-length-too-small"]);
    expect(Buffer.from(message.body).toString()).toBe("ab");
  });

  test("a body that breaks off is kept and noted", () => {
    const message = parse(
      ["MESSAGE sip:b@example.test SIP/2.0", "Content-Type: text/plain", "Content-Length: 20"],
      "abc",
    );
    expect(rules(message)).toEqual(["content-length-too-large"]);
    expect(Buffer.from(message.body).toString()).toBe("abc");
  });

  test("a body without Content-Type is noted", () => {
    expect(rules(parse(["MESSAGE sip:b@example.test SIP/2.0"], "abc"))).toEqual(["content-type-missing"]);
  });

  test("header bytes that are no UTF-8 become U+FFFD and are noted", () => {
    const message = parseMessage(
      Buffer.from("OPTIONS sip:b@example.test SIP/2.0\r\nSubject: caf\u00e9\r\n\r\n", "latin1"),
    );
    expect(message).toMatchObject({ headers: [{ value: "caf\ufffd" }], findings: [{ rule: "not-utf8" }] });
  });

  test("every finding names its source", () => {
    const message = parse(["INVITE <sip:b> SIP/7.0", "Nonsense", "CSeq: x", "Via: y", "From: z", "Contact: a=b"]);
    expect(message.findings.length).toBeGreaterThan(5);
    for (const finding of message.findings) expect(finding.source).toMatch(/^RFC 3261 section/);
  });

  test("no bytes whatever make it throw", () => {
    const fragments = fc.constantFrom(
      "\r\n",
      "\n",
      ":",
      ";",
      ",",
      '"',
      "<",
      ">",
      "=",
      " ",
      "@",
      "Via",
      "From",
      "Contact",
      "CSeq",
      "l",
      "9",
      "SIP/2.0",
      "sip:",
      "\\",
      "é",
    );
    const nearlySip = fc
      .array(fc.oneof(fragments, fc.string({ maxLength: 5 })), { maxLength: 60 })
      .map((parts) => `INVITE sip:a@b SIP/2.0\r\n${parts.join("")}`);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          nearlySip.map((text) => Uint8Array.from(Buffer.from(text))),
        ),
        (bytes) => {
          expect(["request", "response", "not-sip"]).toContain(parseMessage(bytes).kind);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("header values come out as they were put in", () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{1,20}$/).map((text) => `X-${text}`);
    const value = fc.stringMatching(/^[!-~é€]([ -~é€]{0,30}[!-~é€])?$/);
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 10 }), (rows) => {
        const message = parse(["OPTIONS sip:b@example.test SIP/2.0", ...rows.map(([key, text]) => `${key}: ${text}`)]);
        expect(message.headers.map((field) => [field.spelled, field.value])).toEqual(rows);
        expect(message.findings).toEqual([]);
      }),
    );
  });
});
