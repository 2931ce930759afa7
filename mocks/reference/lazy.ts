import type { RunningServer } from "./server-options.ts";
import { randomTag, tagOf } from "./sip-fields.ts";
import { type Header, responseTo, type SipRequest, valuesOf, header } from "./sip-message.ts";
import { parseMessage, serialise } from "./sip-text.ts";
import { openTransport } from "./transport.ts";

export const lazyNames = ["silent", "always-reject", "always-200"] as const;
export type LazyName = (typeof lazyNames)[number];

/**
 * Targets that do next to nothing and must earn no pass: `silent` never answers; `always-reject` refuses (403 to REGISTER,
 * 486 to all else); `always-200` agrees to everything. None of them looks at what it answers.
 */
export async function startLazy(
  name: LazyName,
  listen: { readonly host: string; readonly port: number },
): Promise<RunningServer> {
  const transport = await openTransport(listen.host, listen.port, {
    onBytes: (bytes, flow) => {
      const message = parseMessage(bytes);
      if (message?.kind !== "request" || message.method === "ACK" || name === "silent") return;
      flow.send(serialise(name === "always-200" ? agreement(message) : refusal(message)));
    },
    onClosed: () => undefined,
  });
  return { host: transport.host, port: transport.port, close: transport.close };
}

function agreement(request: SipRequest): ReturnType<typeof responseTo> {
  const contacts: readonly Header[] = valuesOf(request, "contact").map((value) => header("Contact", value));
  return responseTo(request, 200, { ...tagFor(request), headers: contacts });
}

function refusal(request: SipRequest): ReturnType<typeof responseTo> {
  return responseTo(request, request.method === "REGISTER" ? 403 : 486, tagFor(request));
}

function tagFor(request: SipRequest): { readonly toTag?: string } {
  return tagOf(request, "to") === undefined ? { toTag: randomTag() } : {};
}
