import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { WorldFacts } from "../../harness/run/world.ts";
import { createTestAuthority, type IssuedCertificate, type TestAuthority } from "../tls/test-authority.ts";

/** A test authority of a run, and a server certificate of it. */
export interface ServerIdentity {
  readonly authority: TestAuthority;
  readonly certificate: IssuedCertificate;
  /** Where a target finds them. */
  readonly files: WorldFacts["tls"];
}

/** Makes both and writes them into the private directory of the run, with mode 0600. `names`: what the server is called. */
export async function serverIdentity(directory: string, names: readonly string[]): Promise<ServerIdentity> {
  const authority = await createTestAuthority();
  const certificate = await authority.issueServer([...new Set(names)]);
  const file = (name: string): string => join(directory, name);
  const files = { caFile: file("ca.pem"), certificateFile: file("server.pem"), keyFile: file("server.key") };
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(files.caFile, authority.caPem, { mode: 0o600 });
  await writeFile(files.certificateFile, certificate.certPem, { mode: 0o600 });
  await writeFile(files.keyFile, certificate.keyPem, { mode: 0o600 });
  return { authority, certificate, files };
}
