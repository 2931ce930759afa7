import { describe, expect, test } from "vitest";
import {
  callId,
  contacts,
  cseq,
  expires,
  from,
  fromTag,
  header,
  headerValues,
  maxForwards,
  to,
  toTag,
  topVia,
  vias,
} from "./headers.ts";
import { parseMessage } from "./parse-message.ts";
import type { NotSip, SipMessage } from "./sip-message.ts";
import { parseSipUri, userOf } from "./sip-uri.ts";

/** Messages of RFC 4475, by their names there, and other odd input that other parsers reject or misread. */
function read(text: string): SipMessage {
  const message: SipMessage | NotSip = parseMessage(Buffer.from(text.replaceAll(/\r?\n/g, "\r\n")));
  if (message.kind === "not-sip") throw new Error(message.why);
  return message;
}

function rules(message: SipMessage): readonly string[] {
  return message.findings.map((finding) => finding.rule);
}

describe("valid messages of RFC 4475", () => {
  test("wsinv: a short tortuous INVITE", () => {
    const message = read(`INVITE sip:vivekg@chair-dnrc.example.com;unknownparam SIP/2.0
TO :
 sip:vivekg@chair-dnrc.example.com ;   tag    = 1918181833n
from   : "J Rosenberg \\\\\\""       <sip:jdrosen@example.com>
  ;
  tag = 98asjd8
MaX-fOrWaRdS: 0068
Call-ID: wsinv.ndaksdj@192.0.2.1
Content-Length   : 150
cseq: 0009
  INVITE
Via  : SIP  /   2.0
 /UDP
    192.0.2.2;branch=390skdjuw
s :
NewFangledHeader:   newfangled value
 continued newfangled value
UnknownHeaderWithUnusualValue: ;;,,;;,;
Content-Type: application/sdp
Route:
 <sip:services.example.com;lr;unknownwith=value;unknown-no-value>
v:  SIP  / 2.0  / TCP     spindle.example.com   ;
  branch  =   z9hG4bK9ikj8  ,
 SIP  /    2.0   / UDP  192.168.255.111   ; branch=
 z9hG4bK30239
m:"Quoted string \\"\\"" <sip:jdrosen@example.com> ; newparam =
      newvalue ;
  secondparam ; q = 0.33

v=0
o=mhandley 29739 7272939 IN IP4 192.0.2.3
s=-
c=IN IP4 192.0.2.4
t=0 0
m=audio 49217 RTP/AVP 0 12
m=video 3227 RTP/AVP 31
a=rtpmap:31 LPC
`);
    expect(rules(message)).toEqual([]);
    expect(message.body).toHaveLength(150);
    expect(vias(message).map((via) => [via.transport, via.host, via.branch])).toEqual([
      ["UDP", "192.0.2.2", "390skdjuw"],
      ["TCP", "spindle.example.com", "z9hG4bK9ikj8"],
      ["UDP", "192.168.255.111", "z9hG4bK30239"],
    ]);
    expect(toTag(message)).toBe("1918181833n");
    expect(fromTag(message)).toBe("98asjd8");
    expect(from(message)?.displayName).toBe('J Rosenberg \\"');
    expect(cseq(message)).toEqual({ number: 9, method: "INVITE" });
    expect(maxForwards(message)).toBe(68);
    expect(header(message, "Subject")).toBe("");
    expect(headerValues(message, "UnknownHeaderWithUnusualValue")).toEqual([";;,,;;,;"]);
    const contact = contacts(message)[0];
    expect(contact !== "*" && contact?.displayName).toBe('Quoted string ""');
    expect(contact !== "*" && [...(contact?.params ?? [])]).toEqual([
      ["newparam", "newvalue"],
      ["secondparam", null],
      ["q", "0.33"],
    ]);
  });

  test("intmeth: a wide range of valid characters", () => {
    const message =
      read(`!interesting-Method0123456789_*+\`.%indeed'~ sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*:&it+has=1,weird!*pas$wo~d_too.(doesn't-it)@example.com SIP/2.0
Via: SIP/2.0/TCP host1.example.com;branch=z9hG4bK-.!%66*_+\`'~
To: "BEL:\\\u0007 NUL:\\\u0000 DEL:\\\u007f" <sip:1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*@example.com>
From: token1~\` token2'+_ token3*%!.- <sip:mundane@example.com>;fromParam''~+*_!.-%="работающий";tag=_token~1'+\`*%!-.
Call-ID: intmeth.word%ZK-!.*_+'@word\`~)(><:\\/"][?}{
CSeq: 139122385 !interesting-Method0123456789_*+\`.%indeed'~
Max-Forwards: 255
extensionHeader-!.%*+_\`'~:大停電
Content-Length: 0

`);
    expect(rules(message)).toEqual([]);
    expect(message.kind === "request" && message.method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
    expect(to(message)?.uri.user).toBe("1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*");
    expect(fromTag(message)).toBe("_token~1'+`*%!-.");
    expect(from(message)?.params.get("fromparam''~+*_!.-%")).toBe("работающий");
    expect(callId(message)).toBe("intmeth.word%ZK-!.*_+'@word`~)(><:\\/\"][?}{");
    expect(header(message, "extensionHeader-!.%*+_`'~")).toBe("大停電");
  });

  test("esc01: valid use of the % escaping mechanism", () => {
    const message = read(`INVITE sip:sips%3Auser%40example.com@example.net SIP/2.0
To: sip:%75se%72@example.com
From: <sip:I%20have%20spaces@example.net>;tag=938
Max-Forwards: 87
i: esc01.239409asdfakjkn23onasd0-3234
CSeq: 234234 INVITE
Via: SIP/2.0/UDP host5.example.net;branch=z9hG4bKkdjuw
C: application/sdp
Contact:
  <sip:cal%6Cer@host5.example.net;%6C%72;n%61me=v%61lue%25%34%31>
Content-Length: 5

v=0
`);
    expect(rules(message)).toEqual([]);
    expect(message.kind === "request" && userOf(message.uri)).toBe("sips:user@example.com");
    expect(userOf(to(message)?.uri)).toBe("user");
    expect(userOf(from(message)?.uri)).toBe("I have spaces");
  });

  test("escnull: escaped nulls in URIs", () => {
    const message = read(`REGISTER sip:example.com SIP/2.0
To: sip:null-%00-null@example.com
From: sip:null-%00-null@example.com;tag=839923423
Max-Forwards: 70
Call-ID: escnull.39203ndfvkjdasfkq3w4otrq0adsfdfnavd
CSeq: 14398234 REGISTER
Via: SIP/2.0/UDP host5.example.com;rport;branch=z9hG4bKkdjuw
Contact: <sip:%00@host5.example.com>
Contact: <sip:%00%00@host5.example.com>
L:0

`);
    expect(rules(message)).toEqual([]);
    expect(contacts(message)).toHaveLength(2);
  });

  test("lwsdisp: no white space between display name and <", () => {
    const message = read(`OPTIONS sip:user@example.com SIP/2.0
To: sip:user@example.com
From: caller<sip:caller@example.com>;tag=323
Max-Forwards: 70
Call-ID: lwsdisp.1234abcd@funky.example.com
CSeq: 60 OPTIONS
Via: SIP/2.0/UDP funky.example.com;branch=z9hG4bKkdjuw
l: 0

`);
    expect(rules(message)).toEqual([]);
    expect(from(message)?.displayName).toBe("caller");
  });

  test("semiuri: a semicolon in the user part belongs to the user", () => {
    const message = read(`OPTIONS sip:user;par=u%40example.net@example.com SIP/2.0
To: sip:j_user@example.com
From: sip:caller@example.org;tag=33242
Max-Forwards: 3
Call-ID: semiuri.0ha0isndaksdj
CSeq: 8 OPTIONS
Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKkdjuw
l: 0

`);
    expect(rules(message)).toEqual([]);
    expect(message.kind === "request" && parseSipUri(message.uri)).toMatchObject({
      user: "user;par=u%40example.net",
      host: "example.com",
    });
  });

  test("transports: unknown transports in Via", () => {
    const message = read(`OPTIONS sip:user@example.com SIP/2.0
To: sip:user@example.com
From: <sip:caller@example.com>;tag=323
Max-Forwards: 70
Call-ID:  transports.kijh4akdnaqjkwendsasfdj
CSeq: 60 OPTIONS
Via: SIP/2.0/UDP t1.example.com;branch=z9hG4bKkdjuw
Via: SIP/2.0/SCTP t2.example.com;branch=z9hG4bKklasjdhf
Via: SIP/2.0/TLS t3.example.com;branch=z9hG4bK2980unddj
Via: SIP/2.0/UNKNOWN t4.example.com;branch=z9hG4bKasd0f3en
Via: SIP/2.0/TCP t5.example.com;branch=z9hG4bK0a9idfnee
l: 0

`);
    expect(rules(message)).toEqual([]);
    expect(vias(message).map((via) => via.transport)).toEqual(["UDP", "SCTP", "TLS", "UNKNOWN", "TCP"]);
  });

  test("unreason and noreason: UTF-8 and empty reason phrases", () => {
    const rest = `Via: SIP/2.0/UDP 192.0.2.198;branch=z9hG4bK1324923
Call-ID: unreason.1234ksdfak3j2erwedfsASdf
CSeq: 35 INVITE
From: sip:user@example.com;tag=11141343
To: sip:user@example.edu;tag=2229
Content-Length: 0

`;
    expect(read(`SIP/2.0 200 = 2**3 * 5**2 но сто девяносто девять - простое\n${rest}`)).toMatchObject({
      status: 200,
      reason: "= 2**3 * 5**2 но сто девяносто девять - простое",
      findings: [],
    });
    expect(read(`SIP/2.0 100 \n${rest}`)).toMatchObject({ status: 100, reason: "", findings: [] });
  });

  test("dblreq: what follows the body in a datagram is another matter and is noted", () => {
    const message = read(`REGISTER sip:example.com SIP/2.0
To: sip:j.user@example.com
From: sip:j.user@example.com;tag=43251j3j324
Max-Forwards: 8
I: dblreq.0ha0isndaksdj99sdfafnl3lk233412
Contact: sip:j.user@host.example.com
CSeq: 8 REGISTER
Via: SIP/2.0/UDP 192.0.2.125;branch=z9hG4bKkdjuw23492
Content-Length: 0


INVITE sip:joe@example.com SIP/2.0
t: sip:joe@example.com

`);
    expect(rules(message)).toEqual(["content-length-too-small"]);
    expect(message.body).toHaveLength(0);
    expect(message.kind === "request" && message.method).toBe("REGISTER");
  });
});

describe("invalid messages of RFC 4475", () => {
  test("badinv01: extraneous separators", () => {
    const message = read(`INVITE sip:user@example.com SIP/2.0
To: sip:j.user@example.com
From: sip:caller@example.net;tag=134161461246
Max-Forwards: 7
Call-ID: badinv01.0ha0isndaksdjasdf3234nas
CSeq: 8 INVITE
Via: SIP/2.0/UDP 192.0.2.15;;,;,,
Contact: "Joe" <sip:joe@example.org>;;;;
Content-Length: 0

`);
    expect(rules(message)).toContain("bad-via");
    expect(rules(message)).toContain("bad-contact");
    expect(topVia(message)?.host).toBe("192.0.2.15");
    expect(contacts(message)).toHaveLength(1);
  });

  test("clerr and ncl: Content-Length over the body and below zero", () => {
    const withLength = (length: string): SipMessage =>
      read(`INVITE sip:user@example.com SIP/2.0
Max-Forwards: 80
To: sip:j.user@example.com
From: sip:caller@example.net;tag=93942939o2
Contact: <sip:caller@hungry.example.net>
Call-ID: clerr.0ha0isndaksdjweiafasdk3
CSeq: 8 INVITE
Via: SIP/2.0/UDP host5.example.com;branch=z9hG4bK-39234-23523
Content-Type: application/sdp
Content-Length: ${length}

v=0
`);
    expect(rules(withLength("9999"))).toEqual(["content-length-too-large"]);
    expect(rules(withLength("-999"))).toEqual(["content-length-invalid"]);
    expect(withLength("-999").body).toHaveLength(5);
  });

  test("scalar02 and scalarlg: scalars over their range", () => {
    const request = read(`REGISTER sip:example.com SIP/2.0
Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bK342sdfoi3
To: <sip:user@example.com>
From: <sip:user@example.com>;tag=239232jh3
CSeq: 36893488147419103232 REGISTER
Call-ID: scalar02.23o0pd9vanlq3wnrlnewofjas9ui32
Max-Forwards: 300
Expires: 1${"0".repeat(60)}
Contact: <sip:user@host129.example.com>;expires=280297596632815
Content-Length: 0

`);
    expect(rules(request)).toEqual(["cseq-too-large", "max-forwards-invalid", "expires-invalid"]);
    expect(cseq(request)?.method).toBe("REGISTER");
    expect(expires(request)).toBeUndefined();
    const response = read(`SIP/2.0 503 Service Unavailable
Via: SIP/2.0/TCP host129.example.com;branch=z9hG4bKzzxdiwo34sw;received=192.0.2.129
To: <sip:user@example.com>
From: <sip:other@example.net>;tag=2easdjfejw
CSeq: 9292394834772304023312 OPTIONS
Call-ID: scalarlg.noase0of0234hn2qofoaf0232aewf2394r
Retry-After: 949302838503028349304023988
Warning: 1812 overture "In Progress"
Content-Length: 0

`);
    expect(rules(response)).toEqual(["cseq-too-large"]);
  });

  test("ltgtruri, lwsruri and lwsstart: white space and brackets on the request line", () => {
    const rest = `
To: sip:user@example.com
From: sip:caller@example.net;tag=39291
Max-Forwards: 23
Call-ID: ltgtruri.1@192.0.2.5
CSeq: 1 INVITE
Via: SIP/2.0/UDP 192.0.2.5
Contact: <sip:caller@host5.example.net>
Content-Length: 0

`;
    expect(rules(read(`INVITE <sip:user@example.com> SIP/2.0${rest}`))).toEqual(["request-uri-in-brackets"]);
    expect(rules(read(`INVITE sip:user@example.com; lr SIP/2.0${rest}`))).toEqual(["request-uri-space"]);
    expect(rules(read(`INVITE  sip:user@example.com  SIP/2.0${rest}`))).toEqual(["start-line-whitespace"]);
    expect(rules(read(`INVITE sip:user@example.com SIP/2.0  ${rest}`))).toEqual(["start-line-whitespace"]);
    expect(rules(read(`INVITE sip:user@example.com?Route=%3Csip:example.com%3E SIP/2.0${rest}`))).toEqual([
      "request-uri-headers",
    ]);
  });

  test("baddn, quotbal and badaspec: display names and addresses in disorder", () => {
    const from = (value: string): readonly string[] =>
      rules(
        read(`OPTIONS sip:t.watson@example.org SIP/2.0
Via: SIP/2.0/UDP c.example.com:5060;branch=z9hG4bKkdjuw
Max-Forwards: 70
From: ${value}
To: Watson <sip:t.watson@example.org>
Call-ID: baddn.31415@c.example.com
CSeq: 3923239 OPTIONS
l: 0

`),
      );
    expect(from("Bell, Alexander <sip:a.g.bell@example.com>;tag=43")).toEqual(["name-address-unquoted-display-name"]);
    expect(from('"Mr. J. User <sip:j.user@example.com>')).toEqual(["bad-from"]);
    expect(from("< sip:a.g.bell@example.com >;tag=43")).toEqual(["bad-from"]);
  });

  test("mismatch01: the methods of CSeq and request line differ", () => {
    const message = read(`OPTIONS sip:user@example.com SIP/2.0
To: sip:j.user@example.com
From: sip:caller@example.net;tag=34525
Max-Forwards: 6
Call-ID: mismatch01.dj0234sxdfl3
CSeq: 8 INVITE
Via: SIP/2.0/UDP host.example.com;branch=z9hG4bKkdjuw
l: 0

`);
    expect(rules(message)).toEqual(["cseq-method-differs"]);
  });

  test("badvers: another protocol version", () => {
    expect(rules(read("OPTIONS sip:t.watson@example.org SIP/7.0\nl: 0\n\n"))).toEqual(["version-not-2.0"]);
  });

  test("bigcode: a response code far out of range stays a number", () => {
    expect(read("SIP/2.0 4294967301 better not break the receiver\nl: 0\n\n")).toMatchObject({
      status: 4_294_967_301,
      findings: [{ rule: "status-out-of-range" }],
    });
  });

  test("multi01 and mcl01: single headers that repeat", () => {
    const message = read(`INVITE sip:user@company.com SIP/2.0
Contact: <sip:caller@host25.example.net>
Via: SIP/2.0/UDP 192.0.2.25;branch=z9hG4bKkdjuw
Max-Forwards: 70
CSeq: 5 INVITE
Call-ID: multi01.98asdh@192.0.2.1
CSeq: 59 INVITE
Call-ID: multi01.98asdh@192.0.2.2
From: sip:caller@example.com;tag=3413415
To: sip:user@example.com
To: sip:other@example.net
From: sip:caller@example.net;tag=2923420123
Content-Length: 4
l: 0

`);
    expect(rules(message).toSorted()).toEqual([
      "content-length-repeated",
      "content-length-too-large",
      ...Array.from({ length: 4 }, () => "duplicate-single-header"),
    ]);
    expect(cseq(message)?.number).toBe(5);
    expect(fromTag(message)).toBe("3413415");
  });
});

describe("input that other parsers lose or misread", () => {
  const request = (...rows: readonly string[]): SipMessage =>
    read(`REGISTER sip:example.test SIP/2.0\n${rows.join("\n")}\n\n`);

  test("two Vias joined by a comma are two, and the first is the top one", () => {
    const message = request(
      "Via: SIP/2.0/UDP a.example.test;branch=z9hG4bK1,SIP/2.0/TCP b.example.test;branch=z9hG4bK2",
    );
    expect(vias(message).map((via) => via.branch)).toEqual(["z9hG4bK1", "z9hG4bK2"]);
    expect(topVia(message)?.branch).toBe("z9hG4bK1");
    expect(rules(message)).toEqual([]);
  });

  test("Contact: * is read", () => {
    expect(contacts(request("Contact: *", "Expires: 0"))).toEqual(["*"]);
  });

  test("tel: and urn: URIs are read wherever they stand", () => {
    const message = read(
      "INVITE tel:+15551234;phone-context=example.test SIP/2.0\nFrom: <tel:+15550000>;tag=1\nTo: <urn:service:sos>\n\n",
    );
    expect(rules(message)).toEqual([]);
    expect(from(message)?.uri).toMatchObject({ scheme: "tel", user: "+15550000", host: "" });
    expect(to(message)?.uri.scheme).toBe("urn");
    expect(read("INVITE urn:service:sos SIP/2.0\n\n")).toMatchObject({ uri: "urn:service:sos", findings: [] });
  });

  test("an unquoted UTF-8 display name is kept and noted", () => {
    const message = request("From: Zoë Müller <sip:zoe@example.test>;tag=1");
    expect(from(message)).toMatchObject({ displayName: "Zoë Müller", uri: { user: "zoe" } });
    expect(rules(message)).toEqual(["name-address-unquoted-display-name"]);
  });

  test("a base64 token in a Contact URI is kept whole and noted", () => {
    const message = request("Contact: <sip:bob@192.0.2.1;pn-provider=fcm;pn-prid=ab+/c==>");
    const contact = contacts(message)[0];
    expect(contact !== "*" && contact?.uri.params.get("pn-prid")).toBe("ab+/c==");
    expect(rules(message)).toEqual(["contact-param-equals"]);
  });

  test("colons, escapes and ampersands in pn-* values are legal and kept as spelled", () => {
    const message = request("Contact: <sip:bob@192.0.2.1;pn-prid=aB:c%3Ad;pn-param=X&Y.voip>");
    const contact = contacts(message)[0];
    expect(contact !== "*" && [...(contact?.uri.params ?? [])]).toEqual([
      ["pn-prid", "aB:c%3Ad"],
      ["pn-param", "X&Y.voip"],
    ]);
    expect(rules(message)).toEqual([]);
  });

  test("a message without From, To and Call-ID is read; what is missing is undefined", () => {
    const message = request("CSeq: 1 REGISTER");
    expect([from(message), to(message), callId(message), fromTag(message), topVia(message)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(rules(message)).toEqual([]);
  });

  test("the tag is found even where the URI is unreadable", () => {
    expect(fromTag(request("From: <nonsense>;tag=abc"))).toBe("abc");
  });

  test("IPv6 addresses are read in Via, Request-URI and received", () => {
    const message = read(
      "INVITE sip:bob@[2001:db8::10]:5070 SIP/2.0\nVia: SIP/2.0/UDP [2001:db8::9:1]:5060;received=2001:db8::9:255;branch=z9hG4bKas3\n\n",
    );
    expect(rules(message)).toEqual([]);
    expect(message.kind === "request" && parseSipUri(message.uri)).toMatchObject({
      host: "[2001:db8::10]",
      port: 5070,
    });
    expect(topVia(message)).toMatchObject({ host: "[2001:db8::9:1]", port: 5060 });
    expect(topVia(message)?.params.get("received")).toBe("2001:db8::9:255");
  });

  test("Content-Length counts bytes: the body is not cut inside a character", () => {
    const message = read("MESSAGE sip:b@example.test SIP/2.0\nContent-Type: text/plain\nContent-Length: 6\n\néééXX");
    expect(Buffer.from(message.body).toString()).toBe("ééé");
    expect(rules(message)).toEqual(["content-length-too-small"]);
  });
});
