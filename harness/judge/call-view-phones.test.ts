import { describe, expect, test } from "vitest";
import type { Trace } from "../trace/trace.ts";
import {
  isAsleepAt,
  isConnectedAt,
  isFlowUpAt,
  isUpAt,
  newestRegistration,
  phonesOf,
  tokensAt,
} from "./call-view-phones.ts";
import { testToken } from "./testing/test-plan.ts";
import { traceBuilder, type TraceSetup } from "./testing/trace-builder.ts";

const phone = "phone:1" as const;

const viewOf = (trace: Trace) => {
  const [view] = phonesOf(trace);
  if (view === undefined) throw new Error("no phone in this trace");
  return view;
};

describe("phonesOf", () => {
  test("is worked out once per trace", () => {
    const trace = traceBuilder().finished();
    expect(phonesOf(trace)).toBe(phonesOf(trace));
  });

  const stateOf = (setup: TraceSetup, afterMs = 100) => {
    const t = traceBuilder(setup);
    const placed = t.callerInvites("call:1", { afterMs });
    const view = viewOf(t.finished());
    return [isUpAt(view, placed), isAsleepAt(view, placed), isConnectedAt(view, placed)];
  };

  test("tells who is up, asleep and connected", () => {
    expect(stateOf({ phones: [{ signalling: "connected" }] })).toEqual([true, false, true]);
    expect(stateOf({ phones: [{ signalling: "closed" }] })).toEqual([false, true, false]);
    expect(stateOf({ phones: [{ signalling: "silent" }] })).toEqual([false, true, false]);
    expect(stateOf({ transport: "tcp" })).toEqual([false, true, false]);
  });

  test("does not call asleep what a target cannot know: silent streams, dead networks, a close that just left", () => {
    expect(stateOf({ transport: "tcp", phones: [{ signalling: "silent" }] })).toEqual([false, false, false]);
    expect(stateOf({ phones: [{ signalling: "half-dead" }] })).toEqual([false, false, false]);
    expect(stateOf({ transport: "tcp" }, 10)).toEqual([false, false, false]);
  });

  test("follows the wake-up to its new flow", () => {
    const t = traceBuilder({ phones: [{ signalling: "silent" }] });
    const old = t.flowOf(phone);
    const { response } = t.wakes(phone);
    const placed = t.callerInvites("call:1");
    const view = viewOf(t.finished());
    expect(newestRegistration(view, placed)?.accepted?.event).toBe(response);
    expect(isConnectedAt(view, placed)).toBe(true);
    expect(isFlowUpAt(view, old, placed)).toBe(false);
    expect(isFlowUpAt(view, t.flowOf(phone), placed)).toBe(true);
  });

  const tokensAfter = (act: (t: ReturnType<typeof traceBuilder>) => void, setup: TraceSetup = {}) => {
    const t = traceBuilder({ phones: [{ signalling: "connected" }], ...setup });
    act(t);
    const placed = t.callerInvites("call:1");
    return tokensAt(viewOf(t.finished()), placed);
  };

  test("knows the tokens whose bindings were accepted and not replaced or removed", () => {
    const fresh = testToken(1, 2);
    expect(tokensAfter(() => undefined)).toEqual([testToken(1)]);
    expect(tokensAfter((t) => t.registers(phone, { expires: 0 }))).toEqual([]);
    expect(tokensAfter((t) => t.registering(phone, { token: fresh }))).toEqual([testToken(1)]);
    expect(tokensAfter((t) => t.registers(phone, { token: fresh, status: 500 }))).toEqual([testToken(1)]);
    // Two contacts that differ in pn-prid are two bindings (RFC 3261, 19.1.4).
    expect(tokensAfter((t) => t.registers(phone, { token: fresh }))).toEqual([testToken(1), fresh]);
  });

  test("lets the same instance and reg-id replace a binding whatever its contact", () => {
    const edit = (text: string) => text.replace(/^(Contact: <[^>]*>)/mu, '$1;+sip.instance="<urn:uuid:1>";reg-id=1');
    const fresh = testToken(1, 2);
    const tokens = tokensAfter(
      (t) => {
        t.opensFlow(phone);
        t.registers(phone, { edit });
        t.registers(phone, { token: fresh, edit });
      },
      { registered: false },
    );
    expect(tokens).toEqual([fresh]);
  });

  test("reads the token from the header a profile names", () => {
    const profile = { registration: { header: { name: "X-Token", value: "<token>" } } };
    const edit = (text: string) =>
      text.replace(/;pn-[a-z]+=[^;>]*/gu, "").replace("\r\nExpires", `\r\nX-Token: ${testToken(1)}\r\nExpires`);
    const tokens = tokensAfter(
      (t) => {
        t.opensFlow(phone);
        t.registers(phone, { edit });
      },
      { registered: false, profile },
    );
    expect(tokens).toEqual([testToken(1)]);
  });
});
