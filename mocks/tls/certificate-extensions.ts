import { createHash, sign, X509Certificate } from "node:crypto";

/** An X.509 extension (RFC 5280 section 4.2): its object identifier in dots, and its value in DER. */
export interface CertificateExtension {
  readonly oid: string;
  readonly value: Uint8Array;
}

const SEQUENCE = 0x30;
const NULL = Uint8Array.of(0x05, 0);

/**
 * Adds extensions to a certificate that has some, and signs it anew with its issuer's key: ECDSA with SHA-256, as it was
 * signed before. The library that makes our certificates knows but four kinds of extension.
 */
export function withExtensions(
  certPem: string,
  issuerKeyPem: string,
  extensions: readonly CertificateExtension[],
): string {
  const [tbs, algorithm] = parts(new X509Certificate(certPem).raw);
  const fields = parts(tbs);
  const [present] = parts(fields.at(-1));
  const added = extensions.map(({ oid, value }) => der(SEQUENCE, der(0x06, encodedOid(oid)), der(0x04, value)));
  const extended = der(SEQUENCE, ...fields.slice(0, -1), der(0xa3, der(SEQUENCE, ...parts(present), ...added)));
  const signature = der(0x03, Uint8Array.of(0), sign("sha256", extended, issuerKeyPem));
  return new X509Certificate(der(SEQUENCE, extended, algorithm ?? NULL, signature)).toString();
}

/** Names the key of a certificate and of its issuer (RFC 5280 sections 4.2.1.1 and 4.2.1.2): strict verifiers ask for both. */
export function keyIdentifiers(certPem: string, issuerCertPem: string): readonly CertificateExtension[] {
  return [
    { oid: "2.5.29.14", value: der(0x04, keyIdOf(certPem)) },
    { oid: "2.5.29.35", value: der(SEQUENCE, der(0x80, keyIdOf(issuerCertPem))) },
  ];
}

/**
 * What Apple puts into a push certificate: development and production marks, and the topics with what each is for
 * (Apple, "Establishing a certificate-based connection to APNs").
 */
export function pushTopics(bundleId: string): readonly CertificateExtension[] {
  const apple = "1.2.840.113635.100.6.3";
  const topic = (name: string, use: string) => [
    der(0x0c, Buffer.from(name)),
    der(SEQUENCE, der(0x0c, Buffer.from(use))),
  ];
  return [
    { oid: `${apple}.1`, value: NULL },
    { oid: `${apple}.2`, value: NULL },
    { oid: `${apple}.6`, value: der(SEQUENCE, ...topic(bundleId, "app"), ...topic(`${bundleId}.voip`, "voip")) },
  ];
}

function keyIdOf(certPem: string): Uint8Array {
  const [, bits] = parts(new X509Certificate(certPem).publicKey.export({ type: "spki", format: "der" }));
  return createHash("sha1")
    .update((bits ?? NULL).subarray(3))
    .digest();
}

/** The values inside a constructed DER value, each with its own tag and length (X.690 section 8.1). */
function parts(constructed: Buffer | undefined): Buffer[] {
  const values: Buffer[] = [];
  if (constructed === undefined) return values;
  for (let at = headerLength(constructed, 0); at < constructed.length;) {
    const end = at + headerLength(constructed, at) + contentLength(constructed, at);
    values.push(constructed.subarray(at, end));
    at = end;
  }
  return values;
}

function headerLength(bytes: Buffer, at: number): number {
  const first = bytes.readUInt8(at + 1);
  return first < 0x80 ? 2 : 2 + (first & 0x7f);
}

function contentLength(bytes: Buffer, at: number): number {
  const first = bytes.readUInt8(at + 1);
  return first < 0x80 ? first : bytes.readUIntBE(at + 2, first & 0x7f);
}

function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const encodedLength = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...encodedLength]), content]);
}

/** X.690 section 8.19: the first two numbers share a byte, the others are written in base 128. */
function encodedOid(oid: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = oid.split(".").map(Number);
  return Uint8Array.from([40 * first + second, ...rest.flatMap(base128)]);
}

function base128(value: number): number[] {
  const digits = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
  return digits;
}
