import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { manualClock } from "../../harness/clock/testing/manual-clock.ts";
import { rpcPeer, type RpcAnswer, type RpcPeer, type RpcReply } from "./json-rpc-peer.ts";
import type { LinkProblem } from "./link-problem.ts";

interface Fixture {
  readonly peer: RpcPeer;
  readonly clock: ReturnType<typeof manualClock>;
  /** What was written, parsed. */
  readonly sent: Record<string, unknown>[];
  readonly problems: LinkProblem[];
}

function fixture(
  handlers: {
    readonly answer?: (peer: RpcPeer, method: string) => RpcAnswer;
    readonly notified?: (peer: RpcPeer, method: string) => void;
  } = {},
): Fixture {
  const clock = manualClock(0);
  const sent: Record<string, unknown>[] = [];
  const problems: LinkProblem[] = [];
  const peer = rpcPeer({
    send: (text) => sent.push(JSON.parse(text)),
    clock,
    answer: (method) => handlers.answer?.(peer, method) ?? { result: {} },
    notified: (method) => handlers.notified?.(peer, method),
    onProblem: (problem) => problems.push(problem),
  });
  return { peer, clock, sent, problems };
}

const response = (id: unknown): string => JSON.stringify({ jsonrpc: "2.0", id, result: {} });
const appRequest = (id: unknown): string => JSON.stringify({ jsonrpc: "2.0", id, method: "x", params: {} });

type Happening =
  | { readonly kind: "we-ask" }
  | { readonly kind: "app-asks" }
  | { readonly kind: "app-answers"; readonly which: number }
  | { readonly kind: "time"; readonly ms: number }
  | { readonly kind: "we-withdraw"; readonly which: number }
  | { readonly kind: "garbage"; readonly text: string };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.constant<Happening>({ kind: "we-ask" }),
  fc.constant<Happening>({ kind: "app-asks" }),
  fc.record({ kind: fc.constant("app-answers" as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant("time" as const), ms: fc.nat(700) }),
  fc.record({ kind: fc.constant("we-withdraw" as const), which: fc.nat(20) }),
  fc.record({ kind: fc.constant("garbage" as const), text: fc.oneof(fc.string(), fc.json()) }),
);

describe("a JSON-RPC peer", () => {
  test("every request of either side gets exactly one answer, however they interleave and whatever comes between", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 60 }), async (happenings) => {
        // The app's answers provoke requests of ours too, so that held ones take part.
        const replies: RpcReply[][] = [];
        const open: { withdraw(reply: RpcReply): void }[] = [];
        const ask = (peer: RpcPeer): void => {
          const mine: RpcReply[] = [];
          replies.push(mine);
          open.push(peer.request("y", {}, 1000, (reply) => mine.push(reply)));
        };
        const { peer, clock, sent, problems } = fixture({
          answer(one) {
            ask(one);
            return { result: {} };
          },
        });
        let asked = 0;
        for (const one of happenings) {
          if (one.kind === "we-ask") ask(peer);
          if (one.kind === "app-asks") peer.receive(appRequest(`a${(asked += 1)}`));
          if (one.kind === "app-answers") peer.receive(response(one.which));
          if (one.kind === "time") clock.advance(one.ms);
          if (one.kind === "we-withdraw") open[one.which]?.withdraw({ kind: "lost", why: "withdrawn" });
          if (one.kind === "garbage") peer.receive(one.text);
        }
        peer.end("over");
        clock.advance(10_000);
        await Promise.resolve();
        expect(replies.map((mine) => mine.length)).toEqual(replies.map(() => 1));
        const answered = sent.filter(({ id }) => typeof id === "string" && id.startsWith("a"));
        expect(answered.map(({ id }) => id)).toEqual(Array.from({ length: asked }, (_, nth) => `a${nth + 1}`));
        const ours = sent.filter(({ method }) => method === "y").map(({ id }) => id);
        expect(ours).toEqual(ours.toSorted((a, b) => Number(a) - Number(b)));
        expect(clock.pending()).toBe(0);
        expect(problems.length).toBeLessThanOrEqual(happenings.length);
      }),
    );
  });

  test("garbage never breaks the message after it", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.json(), fc.constant('{"jsonrpc":"2.0"')), { maxLength: 20 }),
        (lines) => {
          const { peer, sent } = fixture();
          for (const line of lines) peer.receive(line);
          peer.receive(appRequest("after"));
          expect(sent.at(-1)).toEqual({ jsonrpc: "2.0", id: "after", result: {} });
        },
      ),
    );
  });

  test("the answer to a request goes out before what was asked while it was answered", () => {
    const { peer, sent } = fixture({
      answer(one) {
        one.request("provider.perform", {}, 1000, () => {});
        return { result: {} };
      },
    });
    peer.receive(appRequest("a"));
    expect(sent).toEqual([
      { jsonrpc: "2.0", id: "a", result: {} },
      { jsonrpc: "2.0", id: 1, method: "provider.perform", params: {} },
    ]);
  });

  test("a reply is told before the message that came after it", () => {
    const told: string[] = [];
    const { peer } = fixture({ notified: (_, method) => told.push(method) });
    peer.request("y", {}, 1000, () => told.push("reply"));
    peer.receive(response(1));
    peer.receive('{"jsonrpc":"2.0","method":"media.started"}');
    expect(told).toEqual(["reply", "media.started"]);
  });

  test("late, repeated and unknown responses are told apart, and one to a withdrawn request is no problem", () => {
    const { peer, clock, problems } = fixture();
    peer.request("slow", {}, 100, () => {});
    clock.advance(100);
    peer.receive(response(1));
    peer.receive(response(1));
    peer.request("withdrawn", {}, 100, () => {}).withdraw({ kind: "lost", why: "" });
    peer.receive(response(2));
    peer.receive(response("1"));
    peer.receive(response(99));
    peer.receive('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"?"}}');
    expect(problems).toEqual([
      { kind: "late-response", id: 1, method: "slow" },
      { kind: "repeated-response", id: 1 },
      { kind: "unknown-response", id: "1" },
      { kind: "unknown-response", id: 99 },
      { kind: "unknown-response", id: null },
    ]);
  });

  test("a request that went wrong is answered, a response that went wrong is not", () => {
    const { peer, sent, problems } = fixture();
    peer.receive('{"id":7,"method":"x"}');
    peer.receive('{"jsonrpc":"2.0","id":7,"result":{},"error":{}}');
    expect(sent).toEqual([{ jsonrpc: "2.0", id: 7, error: { code: -32600, message: expect.any(String) } }]);
    expect(problems.map(({ kind }) => kind)).toEqual(["not-a-message", "not-a-message"]);
  });

  test("what is nested too deeply to be written is lost, and the next request is sent", async () => {
    const { peer, sent } = fixture();
    const deep: unknown = JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`);
    const reply = new Promise<RpcReply>((resolve) => void peer.request("y", { deep }, 1000, resolve));
    peer.request("z", {}, 1000, () => {});
    await expect(reply).resolves.toMatchObject({ kind: "lost" });
    expect(sent.map(({ method }) => method)).toEqual(["z"]);
  });

  test("after the end every request is lost at once and nothing is read", async () => {
    const { peer, sent } = fixture();
    peer.end("It ended (exit code 1).");
    peer.receive(appRequest(1));
    const reply = new Promise<RpcReply>((resolve) => void peer.request("y", {}, 1000, resolve));
    await expect(reply).resolves.toEqual({ kind: "lost", why: "It ended (exit code 1)." });
    expect(sent).toEqual([]);
  });
});
