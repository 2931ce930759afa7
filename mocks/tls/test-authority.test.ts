import { X509Certificate } from "node:crypto";
import { connect, createServer } from "node:tls";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { createTestAuthority } from "./test-authority.ts";

describe("a test authority", () => {
  test("signs certificates that verify with its own and are no authorities", async () => {
    const authority = await createTestAuthority();
    const root = new X509Certificate(authority.caPem);
    expect(root.ca).toBe(true);
    const server = await authority.issueServer(["localhost", "127.0.0.1"]);
    const client = await authority.issueClient({ bundleId: "com.example.phone" });
    for (const { certPem } of [server, client]) {
      const certificate = new X509Certificate(certPem);
      expect(certificate.ca).toBe(false);
      expect(certificate.verify(root.publicKey)).toBe(true);
    }
  });

  test("names every name and address of a server", async () => {
    const authority = await createTestAuthority();
    const names = ["localhost", "api.push.apple.com", "127.0.0.1", "::1"];
    const certificate = new X509Certificate((await authority.issueServer(names)).certPem);
    expect(certificate.checkHost("localhost")).toBe("localhost");
    expect(certificate.checkHost("api.push.apple.com")).toBe("api.push.apple.com");
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.checkIP("::1")).toBe("::1");
    expect(certificate.checkHost("example.com")).toBeUndefined();
  });

  test("puts the bundle id into the UID of a client's subject", async () => {
    const authority = await createTestAuthority();
    const { certPem } = await authority.issueClient({ bundleId: "com.example.phone" });
    expect(new X509Certificate(certPem).subject.split("\n")).toContain("UID=com.example.phone");
  });

  test("names in each certificate its own key and its issuer's, as strict verifiers ask", async () => {
    const authority = await createTestAuthority();
    const { certPem } = await authority.issueServer(["localhost"]);
    const keyIds = (pem: string) => {
      const text = new X509Certificate(pem).raw.toString("hex");
      return [
        /0603551d0e04160414([0-9a-f]{40})/.exec(text)?.[1],
        /0603551d23041830168014([0-9a-f]{40})/.exec(text)?.[1],
      ];
    };
    const [rootOwn, rootIssuer] = keyIds(authority.caPem);
    const [own, issuer] = keyIds(certPem);
    expect(rootOwn).toMatch(/^[0-9a-f]{40}$/);
    expect([rootIssuer, issuer]).toEqual([rootOwn, rootOwn]);
    expect(own).not.toBe(rootOwn);
  });

  test("marks a client's certificate for both environments and names its topics", async () => {
    const { certPem } = await (await createTestAuthority()).issueClient({ bundleId: "com.example.phone" });
    const { raw } = new X509Certificate(certPem);
    for (const last of [1, 2, 6]) {
      // 1.2.840.113635.100.6.3.<last>
      expect(raw.includes(Buffer.from(`060a2a864886f7636406030${last}`, "hex"))).toBe(true);
    }
    expect(raw.includes("com.example.phone.voip")).toBe(true);
  });

  test("is trusted by a client that verifies, and another authority is not", async () => {
    const [authority, other] = [await createTestAuthority(), await createTestAuthority()];
    const { certPem, keyPem } = await authority.issueServer(["127.0.0.1"]);
    const server = createServer({ cert: certPem, key: keyPem }, (socket) => socket.end());
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    const { port } = server.address() as AddressInfo;
    const handshake = async (ca: string) =>
      new Promise<string>((resolve) => {
        const socket = connect({ host: "127.0.0.1", port, ca });
        socket.on("secureConnect", () => resolve("trusted"));
        socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "error"));
        socket.on("close", () => socket.destroy());
      });
    expect(await handshake(authority.caPem)).toBe("trusted");
    expect(await handshake(other.caPem)).not.toBe("trusted");
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  });
});
