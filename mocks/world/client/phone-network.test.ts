import { describe, expect, test } from "vitest";
import type { FlowEvent, Transport } from "../../../harness/trace/trace-event.ts";
import { parseMessage } from "../../../harness/wire/parse-message.ts";
import type { SipSocket } from "../../sip/sip-socket.ts";
import { phoneNetwork } from "./phone-network.ts";

const register = parseMessage(Buffer.from("REGISTER sip:a.test SIP/2.0\r\n\r\n"));
const invite = parseMessage(Buffer.from("INVITE sip:a.test SIP/2.0\r\n\r\n"));
const answer = parseMessage(Buffer.from("SIP/2.0 200 OK\r\n\r\n"));

function network(transport: Transport) {
  const did: string[] = [];
  const flow = (name: string) =>
    ({
      flow: name,
      transport,
      state: () => "open",
      drop: () => did.push(`drop ${name}`),
      silence: () => did.push(`silence ${name}`),
    }) as unknown as SipSocket;
  const flows = [flow("old")];
  const events: FlowEvent[] = [];
  const made = phoneNetwork({ flows: () => flows, record: (event) => void events.push(event) });
  return { ...made, network: made, did, events, open: () => void flows.push(flow("new")) };
}

describe("the network of a phone", () => {
  test("loses everything both ways while it is gone, and nobody says so", () => {
    const { network: one, events, did } = network("tcp");
    one.lose();
    expect([one.passes("in", "old", register), one.passes("out", "old", invite)]).toEqual([false, false]);
    expect(events).toEqual([{ kind: "flow.silenced", transport: "tcp", flow: "old" }]);
    expect(did).toEqual([]);
  });

  test("forgets connections meanwhile: the next message over one of them resets it", async () => {
    const { network: one, did } = network("tls");
    one.lose();
    one.regain();
    expect(one.passes("out", "old", invite)).toBe(false);
    await Promise.resolve();
    expect(did).toEqual([]);
    expect(one.passes("in", "old", register)).toBe(false);
    await Promise.resolve();
    expect(did).toEqual(["drop old"]);
  });

  test("gives way to no connection while it is gone", async () => {
    const { network: one, did, open } = network("ws");
    one.lose();
    open();
    expect(one.passes("in", "new", register)).toBe(false);
    await Promise.resolve();
    expect(did).toEqual(["drop new"]);
  });

  test("goes on over the flow that is registered by afterwards", () => {
    const { network: one, did, open } = network("tcp");
    one.lose();
    one.regain();
    open();
    expect(one.passes("in", "new", register)).toBe(true);
    expect(one.passes("out", "new", invite)).toBe(true);
    expect(did).toEqual(["silence old"]);
  });

  test("comes back for datagrams as it was", () => {
    const { network: one, events } = network("udp");
    one.lose();
    one.regain();
    expect([one.passes("in", "old", answer), one.passes("out", "old", invite)]).toEqual([true, true]);
    expect(events).toEqual([]);
  });

  test("leads to nobody's port once the process has ended, until one that follows it speaks from there", () => {
    const { network: one, did, open } = network("udp");
    one.processEnded();
    open();
    expect([one.passes("out", "old", invite), one.passes("out", "old", answer)]).toEqual([false, false]);
    expect(one.passes("in", "new", register)).toBe(true);
    expect(one.passes("out", "new", invite)).toBe(true);
    expect(one.passes("out", "old", invite)).toBe(false);
    expect(one.passes("in", "old", register)).toBe(true);
    expect(one.passes("out", "old", invite)).toBe(true);
    expect(did).toEqual([]);
  });

  test("leaves every old port once the app registers from a new one, whatever was on its way from the old one", () => {
    const { network: one, did, open } = network("udp");
    one.change();
    open();
    expect(one.passes("in", "old", register)).toBe(true);
    expect(did).toEqual([]);
    expect(one.passes("in", "new", register)).toBe(true);
    expect(did).toEqual(["silence old"]);
  });

  test("has another address after a change: streams end, requests to the old one get lost until a REGISTER", () => {
    const streams = network("tcp");
    streams.network.change();
    expect(streams.did).toEqual(["drop old"]);
    expect(streams.network.name()).toBe("cellular");
    const { network: one } = network("udp");
    one.change();
    expect([one.passes("out", "old", invite), one.passes("out", "old", answer)]).toEqual([false, true]);
    expect(one.passes("in", "old", answer)).toBe(true);
    expect(one.passes("out", "old", invite)).toBe(false);
    expect(one.passes("in", "old", register)).toBe(true);
    expect(one.passes("out", "old", invite)).toBe(true);
  });
});
