import { createPrivateKey, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import type { WorldFacts } from "ringtrue";

/**
 * A provider token for APNs (Apple, "Establishing a token-based connection to APNs"), good for an hour. Debian's Kamailio cannot
 * sign ES256, so an operator's own job makes its tokens; this is that job.
 */
export function providerToken({ apns }: WorldFacts): string {
  const header = encoded({ alg: "ES256", kid: apns.keyId });
  const claims = encoded({ iss: apns.teamId, iat: Math.floor(Date.now() / 1000) });
  const key = createPrivateKey(readFileSync(apns.keyFile));
  const signature = sign("sha256", Buffer.from(`${header}.${claims}`), { key, dsaEncoding: "ieee-p1363" });
  return `${header}.${claims}.${signature.toString("base64url")}`;
}

function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
