import { createTestAuthority } from "../../tls/test-authority.ts";
import type { ServerCertificate } from "../listen-sip.ts";

/** One authority per test file, with a certificate for this host and one for a host that is not this one. */
export async function testCertificates(): Promise<{
  readonly caPem: string;
  readonly own: ServerCertificate;
  readonly other: ServerCertificate;
}> {
  const authority = await createTestAuthority();
  const [own, other] = await Promise.all([
    authority.issueServer(["127.0.0.1", "localhost"]),
    authority.issueServer(["sip.elsewhere.test"]),
  ]);
  return { caPem: authority.caPem, own, other };
}
