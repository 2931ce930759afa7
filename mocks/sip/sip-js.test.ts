import { IncomingResponseMessage, Timers } from "sip.js/lib/core/index.js";
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import type { OutgoingRequest } from "./message-text.ts";
import {
  InviteClientTransaction,
  InviteServerTransaction,
  loggerFactory,
  NonInviteClientTransaction,
  toSipJsRequest,
  toSipJsRequestMessage,
  toSipJsResponse,
  TransactionState,
} from "./sip-js.ts";

const request = (method: string): OutgoingRequest => ({
  method,
  uri: "sip:bob@example.test",
  from: "<sip:alice@example.test>;tag=a",
  to: "<sip:bob@example.test>",
  callId: "c1",
  cseq: 7,
  routes: [],
  headers: [],
});

function response(status: number) {
  const message = parseMessage(
    Buffer.from(
      `SIP/2.0 ${status} X\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:alice@example.test>;tag=a\r\n` +
        `To: <sip:bob@example.test>;tag=b\r\nCall-ID: c1\r\nCSeq: 7 INVITE\r\nContent-Length: 0\r\n\r\n`,
    ),
  );
  if (message.kind !== "response") throw new Error(message.kind);
  return message;
}

describe("what is patched inside sip.js", () => {
  test("its timers wait as long as RFC 3261 table 4 says for UDP", () => {
    expect(Timers).toMatchObject({
      TIMER_B: 32_000,
      TIMER_D: 32_000,
      TIMER_F: 32_000,
      TIMER_H: 32_000,
      TIMER_I: 5_000,
      TIMER_J: 32_000,
      TIMER_K: 5_000,
      TIMER_L: 32_000,
      TIMER_M: 32_000,
    });
  });

  test("every client transaction takes a branch of its own, and a CANCEL the one it is given", () => {
    const transport = { protocol: "UDP", send: () => Promise.resolve() };
    const branches = new Set<string>();
    for (let count = 0; count < 5_000; count += 1) {
      const face = toSipJsRequest(request("REGISTER"), undefined, String);
      new NonInviteClientTransaction(face, transport, { loggerFactory }).dispose();
      branches.add(face.branch ?? "");
    }
    expect(branches.size).toBe(5_000);
    expect([...branches].every((branch) => /^z9hG4bK[\w-]+$/.test(branch))).toBe(true);
    const cancel = toSipJsRequest(request("CANCEL"), "z9hG4bKinvite", String);
    new NonInviteClientTransaction(cancel, transport, { loggerFactory }).dispose();
    expect(cancel.branch).toBe("z9hG4bKinvite");
  });

  test("a client transaction sends the text we give, reads the response we fill in and acknowledges a rejection", () => {
    const sent: string[] = [];
    const given: (number | undefined)[] = [];
    const transport = { protocol: "UDP", send: (text: string) => Promise.resolve(void sent.push(text)) };
    const face = toSipJsRequest(request("INVITE"), undefined, (branch) => `text with ${branch}`);
    const transaction = new InviteClientTransaction(face, transport, {
      loggerFactory,
      receiveResponse: (message) => given.push(message.statusCode),
    });
    transaction.receiveResponse(toSipJsResponse(response(180)));
    transaction.receiveResponse(toSipJsResponse(response(486)));
    transaction.dispose();
    expect(given).toEqual([180, 486]);
    expect(sent[0]).toBe(`text with ${face.branch}`);
    expect(sent[1]).toMatch(/^ACK sip:bob@example\.test SIP\/2\.0\r\n/);
    expect(transaction.state).toBe(TransactionState.Completed);
  });

  test("a filled response answers the questions a transaction asks", () => {
    const message = toSipJsResponse(response(200));
    expect(message).toBeInstanceOf(IncomingResponseMessage);
    expect([message.statusCode, message.toTag, message.getHeader("to")]).toEqual([
      200,
      "b",
      "<sip:bob@example.test>;tag=b",
    ]);
  });

  test("a server transaction sends our text, absorbs the request again and repeats its rejection", () => {
    const message = parseMessage(
      Buffer.from(
        "INVITE sip:x@h SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@h>;tag=a\r\nTo: <sip:x@h>\r\nCall-ID: c\r\nCSeq: 1 INVITE\r\n\r\n",
      ),
    );
    if (message.kind !== "request") throw new Error(message.kind);
    const sent: string[] = [];
    const transport = { protocol: "UDP", send: (text: string) => Promise.resolve(void sent.push(text)) };
    const filled = toSipJsRequestMessage(message);
    const transaction = new InviteServerTransaction(filled, transport, { loggerFactory });
    expect(transaction.id).toBe("z9hG4bK1");
    transaction.receiveResponse(486, "busy");
    transaction.receiveRequest(filled);
    transaction.dispose();
    expect(sent).toEqual(["busy", "busy"]);
  });
});
