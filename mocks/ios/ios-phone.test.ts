import { describe, expect, test } from "vitest";
import type { PhoneOsEvent } from "../../harness/trace/trace-event.ts";
import { iosPhone } from "./ios-phone.ts";

function phone(running = false) {
  const events: (PhoneOsEvent & { call?: string })[] = [];
  const simulated = iosPhone(running, "aa", (event, call) =>
    events.push(call === undefined ? event : { ...event, call }),
  );
  return { simulated, events };
}

describe("the simulated iPhone of the server role", () => {
  test("shows a call once, whether the push or the INVITE comes first", () => {
    const { simulated, events } = phone();
    simulated.wake("push");
    simulated.showCall("call:1", "push");
    simulated.showCall("call:1", "invite");
    expect(events).toEqual([
      { kind: "app.woken", why: "push" },
      { kind: "ringing.shown", why: "push", call: "call:1" },
    ]);
  });

  test("stops ringing once for each call that rang, and never for one that did not", () => {
    const { simulated, events } = phone(true);
    simulated.showCall("call:1", "invite");
    simulated.endCall("call:1", "the caller hung up");
    simulated.endCall("call:1", "the caller hung up");
    simulated.endCall("call:2", "the caller hung up");
    expect(events.filter((event) => event.kind === "ringing.ended")).toEqual([
      { kind: "ringing.ended", why: "the caller hung up", call: "call:1" },
    ]);
  });

  test("a terminated app rings no more and does not run", () => {
    const { simulated, events } = phone(true);
    simulated.showCall("call:1", "push");
    simulated.terminate("swiped away");
    expect(simulated.running).toBe(false);
    expect(events.map((event) => event.kind)).toEqual(["ringing.shown", "ringing.ended", "app.terminated"]);
  });

  test("gets every push, whatever its priority", () => {
    const { simulated } = phone();
    expect([simulated.admit("high"), simulated.admit("normal")]).toEqual([{ kind: "now" }, { kind: "now" }]);
  });

  test("a new token names the one it replaces", () => {
    const { simulated, events } = phone(true);
    simulated.issueToken("bb");
    expect(simulated.token).toBe("bb");
    expect(events).toEqual([{ kind: "token.issued", token: "bb", previous: "aa" }]);
  });
});
