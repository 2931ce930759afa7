import { X509Certificate } from "node:crypto";
import * as fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { createTestAuthority } from "../tls/test-authority.ts";
import type { TestAuthority } from "../tls/test-authority.ts";
import { clientCertificateOf } from "./client-certificate.ts";
import { readDer, readDerList } from "./der.ts";

const SUBJECT = "UID=com.example.phone";
/** 1.2.840.113635.100.6.3, as it stands in a certificate. */
const PUSH = "060a2a864886f763640603";

let authority: TestAuthority;
let der: Buffer;
beforeAll(async () => {
  authority = await createTestAuthority();
  der = new X509Certificate((await authority.issueClient({ bundleId: "com.example.phone" })).certPem).raw;
});

const certificate = (bytes: Uint8Array, trusted = true) =>
  clientCertificateOf({ der: bytes, subject: SUBJECT, trusted });
/** The certificate with extensions of push certificates turned into others (of no meaning), or into each other. */
const changed = (...changes: readonly (readonly [from: string, to: string])[]) =>
  Buffer.from(
    changes.reduce((hex, [from, to]) => hex.replace(`${PUSH}${from}`, `${PUSH}${to}`), der.toString("hex")),
    "hex",
  );

describe("a client certificate", () => {
  test("is for the topics in its extension, and for both environments where it has both marks", () => {
    expect(certificate(der)).toEqual({
      subject: SUBJECT,
      accepted: true,
      topics: ["com.example.phone", "com.example.phone.voip"],
      environments: ["production", "sandbox"],
    });
  });

  test("is for one environment where it has one mark", () => {
    expect(certificate(changed(["02", "63"])).environments).toEqual(["sandbox"]);
    expect(certificate(changed(["01", "63"])).environments).toEqual(["production"]);
    expect(certificate(changed(["01", "63"], ["02", "63"])).environments).toEqual(["production", "sandbox"]);
  });

  test("is for its UID where it lists no topics, with .voip where it is for VoIP services", () => {
    expect(certificate(changed(["06", "63"])).topics).toEqual(["com.example.phone"]);
    expect(certificate(changed(["06", "63"], ["01", "04"])).topics).toEqual([
      "com.example.phone",
      "com.example.phone.voip",
    ]);
  });

  test("is not accepted of another authority, or without a UID", async () => {
    expect(certificate(der, false).accepted).toBe(false);
    const server = new X509Certificate((await authority.issueServer(["localhost"])).certPem).raw;
    expect(certificate(server)).toMatchObject({ accepted: false, topics: [] });
  });

  test("is read without harm, whatever its bytes", () => {
    fc.assert(
      fc.property(fc.nat(der.length - 1), fc.nat(255), fc.nat(der.length), (at, byte, end) => {
        const broken = Buffer.from(der.subarray(0, end));
        if (at < end) broken[at] = byte;
        expect(certificate(broken).environments.length).toBeGreaterThan(0);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(certificate(bytes)).toMatchObject({ accepted: false });
      }),
    );
  });
});

describe("a list in DER", () => {
  test("is read up to the first value that does not fit", () => {
    expect(readDerList(Uint8Array.of(5, 0, 4, 1, 7, 4, 2, 7)).map(({ tag }) => tag)).toEqual([5, 4]);
    expect(readDer(Uint8Array.of(4, 0x80))).toBeUndefined();
    expect(readDer(Uint8Array.of(4, 0x85, 0, 0, 0, 0, 0))).toBeUndefined();
    expect(readDer(Uint8Array.of(4, 0x81, 1, 9))).toMatchObject({ tag: 4, length: 4 });
  });
});
