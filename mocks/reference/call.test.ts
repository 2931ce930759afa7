import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Call, openCall } from "./call.ts";
import type { Patience, PushResult } from "./push-service.ts";
import type { Binding } from "./registrar.ts";
import { NO_BODY } from "./sip-message.ts";
import { timerSet } from "./timers.ts";

const HOLD_MS = 3000;
const binding: Binding = {
  device: "phone",
  uri: "sip:bob@10.0.0.1",
  instance: undefined,
  token: "t:1",
  provider: "fcm",
  flow: { id: "tcp:1", transport: "tcp", host: "10.0.0.1", port: 1, open: false, send: () => undefined },
  registeredAtMs: 0,
  expiresAtMs: Infinity,
  callId: "r",
  cseq: 1,
};

/** A call that waits for its sleeping phone; its push has no answer yet. */
function waitingCall(): { readonly call: Call; readonly patience: Patience } {
  const patiences: Patience[] = [];
  const call = openCall([binding], {
    timers: timerSet(),
    fault: "none",
    holdMs: HOLD_MS,
    delivery: "hold",
    makeInvite: () => ({ kind: "request", method: "INVITE", uri: binding.uri, headers: [], body: NO_BODY }),
    send: (request, flow) => ({
      request,
      flow,
      receive: () => undefined,
      flowClosed: () => undefined,
      cancel: () => undefined,
    }),
    push: (_binding, _token, patience) => {
      patiences.push(patience);
      return new Promise<PushResult>(() => undefined);
    },
    relay: () => undefined,
    finish: () => undefined,
    ended: () => undefined,
  });
  return { call, patience: (delayMs) => patiences[0]?.(delayMs) ?? Promise.reject(new Error("no push was sent")) };
}

describe("a push that the service refused for a while", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("is sent again after that while, as long as the phone is waited for", async () => {
    const answer = waitingCall().patience(2000);
    const told = vi.fn<(again: boolean) => void>();
    void answer.then(told);
    await vi.advanceTimersByTimeAsync(1999);
    expect(told).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(told).toHaveBeenCalledExactlyOnceWith(true);
  });

  test("is given up at once when the call does not last so long", async () => {
    const { patience } = waitingCall();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await patience(HOLD_MS - 1000)).toBe(false);
  });

  test.each<[string, (call: Call) => void]>([
    ["the caller hung up", (call) => call.cancel()],
    ["the phone came by itself", (call) => call.registered({ ...binding, flow: { ...binding.flow, open: true } }, [])],
  ])("is not sent again once %s", async (_what, happens) => {
    const { call, patience } = waitingCall();
    const answer = patience(1000);
    happens(call);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await answer).toBe(false);
  });
});
