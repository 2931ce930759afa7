import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatRpcMessage, parseRpcMessage, type RpcMessage } from "./json-rpc.ts";

const id = fc.oneof(fc.string(), fc.integer());
const rpcMessage: fc.Arbitrary<RpcMessage> = fc.oneof(
  fc.record({
    kind: fc.constant("request" as const),
    id,
    method: fc.string(),
    params: fc.dictionary(fc.string(), fc.jsonValue()),
  }),
  fc.record({
    kind: fc.constant("notification" as const),
    method: fc.string(),
    params: fc.dictionary(fc.string(), fc.jsonValue()),
  }),
  fc.record({ kind: fc.constant("result" as const), id, result: fc.jsonValue() }),
  fc.record({
    kind: fc.constant("error" as const),
    id: fc.oneof(id, fc.constant(null)),
    error: fc.record({ code: fc.integer(), message: fc.string() }),
  }),
);

describe("the codec of JSON-RPC 2.0", () => {
  test("what is written is read again, on one line, whatever members others add", () => {
    fc.assert(
      fc.property(rpcMessage, (message) => {
        const text = formatRpcMessage(message);
        expect(text).not.toContain("\n");
        // What JSON makes of it is what counts: -0 is 0 there.
        expect(parseRpcMessage(text)).toEqual(JSON.parse(JSON.stringify(message)));
        const added = JSON.stringify({ ...JSON.parse(text), trace: "x" });
        expect(parseRpcMessage(added)).toEqual(parseRpcMessage(text));
      }),
    );
  });

  test("no text makes it throw", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((text) => text.slice(1)),
        ),
        (text) => {
          expect(parseRpcMessage(text)).toHaveProperty("kind");
        },
      ),
    );
    expect(parseRpcMessage(`${"[".repeat(400_000)}${"]".repeat(400_000)}`).kind).toBe("garbage");
  });

  test.each([
    ["", "not-json", undefined],
    ["Starting app...", "not-json", undefined],
    ["null", "not-a-message", undefined],
    ["[]", "not-a-message", undefined],
    ['[{"jsonrpc":"2.0","id":1,"method":"x"}]', "not-a-message", undefined],
    ['{"id":1,"method":"x"}', "not-a-message", 1],
    ['{"jsonrpc":"2.0","id":"a"}', "not-a-message", "a"],
    ['{"jsonrpc":"2.0","id":1,"method":5}', "not-a-message", 1],
    ['{"jsonrpc":"2.0","id":null,"method":"x"}', "not-a-message", undefined],
    ['{"jsonrpc":"2.0","id":{},"method":"x"}', "not-a-message", undefined],
    ['{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":""}}', "not-a-message", undefined],
    ['{"jsonrpc":"2.0","id":1,"result":{},"method":"x"}', "not-a-message", undefined],
    ['{"jsonrpc":"2.0","result":{}}', "not-a-message", undefined],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":"1","message":""}}', "not-a-message", undefined],
    ['{"jsonrpc":"2.0","id":1,"error":{"code":1.5,"message":""}}', "not-a-message", undefined],
  ])("%s is garbage of its kind and is answered only where it is a request gone wrong", (text, kind, answered) => {
    const garbage = parseRpcMessage(text);
    expect(garbage).toMatchObject({ kind: "garbage", problem: { kind } });
    expect("id" in garbage ? garbage.id : undefined).toBe(answered);
  });

  test("an error may have no id where the other side could not read the request", () => {
    expect(parseRpcMessage('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"?"}}')).toMatchObject({
      kind: "error",
      id: null,
    });
  });
});
