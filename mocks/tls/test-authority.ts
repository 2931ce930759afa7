import { generate } from "selfsigned";
import { isIP } from "node:net";
import { keyIdentifiers, pushTopics, withExtensions } from "./certificate-extensions.ts";
import type { CertificateExtension } from "./certificate-extensions.ts";

/** A certificate with its private key, both PEM. */
export interface IssuedCertificate {
  readonly certPem: string;
  /** PKCS #8. */
  readonly keyPem: string;
}

/** A certificate authority of one run. Its private key never leaves it. */
export interface TestAuthority {
  readonly caPem: string;
  /** A server certificate for these DNS names and IP addresses; the first is its common name. */
  issueServer(names: readonly string[]): Promise<IssuedCertificate>;
  /**
   * A client certificate as APNs knows them: the subject's UID is the bundle id, extensions name its topics
   * (Apple, "Establishing a certificate-based connection to APNs").
   */
  issueClient(app: { readonly bundleId: string }): Promise<IssuedCertificate>;
}

/** The userId attribute by its object identifier (RFC 4519 section 2.39), which the certificate library knows by no name. */
const USER_ID = "0.9.2342.19200300.100.1.1";
const VALID_DAYS = 30;
const EC_SHA256 = { keyType: "ec", curve: "P-256", algorithm: "sha256" } as const;

/** Makes a test authority with fresh P-256 keys; its certificates are valid from a day ago for 30 days. */
export async function createTestAuthority(): Promise<TestAuthority> {
  const from = new Date(Date.now() - 24 * 3_600_000);
  const validity = { notBeforeDate: from, notAfterDate: new Date(from.getTime() + VALID_DAYS * 24 * 3_600_000) };
  const root = await generate([{ name: "commonName", value: "RingTrue test authority" }], {
    ...EC_SHA256,
    ...validity,
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const caPem = withExtensions(root.cert, root.private, keyIdentifiers(root.cert, root.cert));
  const ca = { key: root.private, cert: caPem };
  const extended = (certPem: string, more: readonly CertificateExtension[] = []) =>
    withExtensions(certPem, root.private, [...keyIdentifiers(certPem, caPem), ...more]);

  return {
    caPem,
    async issueServer(names) {
      const issued = await generate([{ name: "commonName", value: names[0] ?? "localhost" }], {
        ...EC_SHA256,
        ...validity,
        ca,
        extensions: [
          { name: "basicConstraints", cA: false, critical: true },
          { name: "keyUsage", digitalSignature: true, critical: true },
          { name: "extKeyUsage", serverAuth: true },
          {
            name: "subjectAltName",
            altNames: names.map((name) => (isIP(name) === 0 ? { type: 2, value: name } : { type: 7, ip: name })),
          },
        ],
      });
      return { certPem: extended(issued.cert), keyPem: issued.private };
    },
    async issueClient({ bundleId }) {
      const issued = await generate(
        [
          { name: USER_ID, value: bundleId },
          { name: "commonName", value: `VoIP Services: ${bundleId}` },
        ],
        {
          ...EC_SHA256,
          ...validity,
          ca,
          extensions: [
            { name: "basicConstraints", cA: false, critical: true },
            { name: "keyUsage", digitalSignature: true, critical: true },
            { name: "extKeyUsage", clientAuth: true },
          ],
        },
      );
      return { certPem: extended(issued.cert, pushTopics(bundleId)), keyPem: issued.private };
    },
  };
}
