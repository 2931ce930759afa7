import type { Credentials } from "./credentials.ts";
import { sendWithDigest } from "./digest-request.ts";
import { newToken } from "./identifiers.ts";
import { ALLOW, type HeaderLine } from "./message-text.ts";
import type { RegisterOutcome, Registration } from "./registration.ts";
import type { SipHub } from "./sip-hub.ts";

/** All REGISTERs of one user agent: one Call-ID, rising CSeq numbers (RFC 3261 section 10.2), whatever sockets they go over. */
export interface RegisterClient {
  /** `contact`: Contact URI without pn-* parameters. */
  register(hub: SipHub, contact: string, registration: Registration): Promise<RegisterOutcome>;
}

export function registerClient(aor: string, credentials: Credentials | undefined): RegisterClient {
  const callId = newToken();
  const from = `<${aor}>;tag=${newToken()}`;
  const domain = aor.slice(aor.lastIndexOf("@") + 1);
  let cseq = 0;
  const nextCseq = (): number => {
    cseq += 1;
    return cseq;
  };

  return {
    register: (hub, contact, registration) =>
      new Promise((resolve) => {
        sendWithDigest({
          hub,
          credentials,
          nextCseq,
          request: {
            method: "REGISTER",
            uri: `sip:${domain}`,
            from,
            to: `<${aor}>`,
            callId,
            cseq: nextCseq(),
            routes: [],
            headers: registerHeaders(contact, registration),
          },
          user: {
            response(response) {
              if (response.status >= 200) resolve({ kind: "response", status: response.status, response });
            },
            timeout: () => resolve({ kind: "timeout" }),
            closed: () => resolve({ kind: "flow-closed" }),
          },
        });
      }),
  };
}

/** The Contact is text, not a parsed URI: its pn-* parameters reach the wire byte for byte. */
function registerHeaders(contact: string, registration: Registration): HeaderLine[] {
  const { instance, header, removeContact } = registration;
  const outbound = instance === undefined ? "" : `;+sip.instance="<${instance}>";reg-id=1`;
  const lines: HeaderLine[] = [["Contact", `<${contact}${registration.contactParams ?? ""}>${outbound}`]];
  if (removeContact !== undefined) lines.push(["Contact", `<${removeContact}>;expires=0`]);
  lines.push(["Expires", String(registration.expiresS)]);
  if (instance !== undefined) lines.push(["Supported", "path, outbound"]);
  if (header !== undefined) lines.push([header.name, header.value]);
  lines.push(ALLOW);
  return lines;
}
