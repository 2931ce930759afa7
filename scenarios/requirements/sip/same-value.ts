import type { NameAddress, Via } from "../../../harness/wire/sip-message.ts";
import { sameUri } from "../../../harness/wire/sip-uri.ts";

/** Parameters a server adds to a Via it received (RFC 3261, 18.2.1; RFC 3581, 4). */
const addedOnReceipt: ReadonlySet<string> = new Set(["received", "rport"]);

/** Equal Via values by what they say, not by how they are spelled; `received` and `rport` do not count. */
export function sameVia(a: Via, b: Via): boolean {
  return (
    a.transport.toUpperCase() === b.transport.toUpperCase() &&
    a.host.toLowerCase() === b.host.toLowerCase() &&
    a.port === b.port &&
    sameParameters(a.params, b.params)
  );
}

function sameParameters(a: Via["params"], b: Via["params"]): boolean {
  const kept = (params: Via["params"]) => [...params].filter(([name]) => !addedOnReceipt.has(name));
  const first = kept(a);
  return (
    first.length === kept(b).length &&
    first.every(([name, value]) => {
      const twin = b.get(name);
      return twin !== undefined && (twin ?? "").toLowerCase() === (value ?? "").toLowerCase();
    })
  );
}

/** Equal From or To URIs: as URIs (RFC 3261, 19.1.4), or spelled alike where they are no SIP URIs. */
export function sameAddressUri(a: NameAddress, b: NameAddress): boolean {
  return a.uri.raw === b.uri.raw || sameUri(a.uri, b.uri);
}

/** Equal From or To values: display name, URI and tag; spelling and quoting do not count. */
export function sameAddress(a: NameAddress, b: NameAddress): boolean {
  return (
    squeezed(a.displayName) === squeezed(b.displayName) &&
    sameAddressUri(a, b) &&
    (a.params.get("tag") ?? "") === (b.params.get("tag") ?? "")
  );
}

function squeezed(name: string): string {
  return name.replaceAll(/\s+/gu, " ").trim();
}
