import { describe, expect, test } from "vitest";
import type { AndroidState } from "../../harness/plan/plan.ts";
import type { PhoneOsEvent } from "../../harness/trace/trace-event.ts";
import { androidPhone } from "./android-phone.ts";
import { powerNumbers } from "./power-numbers.ts";

function phone(change: Partial<AndroidState> = {}, os: Readonly<Record<string, number>> = {}) {
  const events: (PhoneOsEvent & { call?: string })[] = [];
  let nowMs = 0;
  const simulated = androidPhone(
    {
      running: false,
      token: "aa",
      state: { doze: false, deprioritised: false, ...change },
      numbers: powerNumbers(os),
      now: () => nowMs,
    },
    (event, call) => events.push(call === undefined ? event : { ...event, call }),
  );
  const later = (ms: number): void => {
    nowMs += ms;
  };
  return { simulated, events, later };
}

const held = { kind: "held", why: "the phone is in Doze", forMs: 300_000, priority: "normal" };

describe("the simulated Android phone of the server role", () => {
  test("gets every message at once while it is awake, with the priority it was sent with", () => {
    const { simulated } = phone();
    expect(simulated.admit("high")).toEqual({ kind: "now", priority: "high" });
    expect(simulated.admit("normal")).toEqual({ kind: "now", priority: "normal" });
  });

  test("in Doze gets high priority at once, and normal priority waits", () => {
    const { simulated } = phone({ doze: true });
    expect(simulated.admit("normal")).toEqual(held);
    expect(simulated.admit("high")).toEqual({ kind: "now", priority: "high" });
  });

  test("a message of high priority lets others through for a while", () => {
    const { simulated, later } = phone({ doze: true }, { highPriorityWindowMs: 500 });
    simulated.admit("high");
    later(500);
    expect(simulated.admit("normal").kind).toBe("now");
    later(1);
    expect(simulated.admit("normal")).toEqual(held);
  });

  test("a deprioritised app gets high as normal, which in Doze has to wait", () => {
    expect(phone({ deprioritised: true }).simulated.admit("high")).toEqual({ kind: "now", priority: "normal" });
    expect(phone({ deprioritised: true, doze: true }).simulated.admit("high")).toEqual(held);
  });

  test("Doze ends when its user picks it up, and not when a message starts the app", () => {
    const { simulated, events } = phone({ doze: true });
    simulated.wake("push");
    expect(simulated.admit("normal")).toEqual(held);
    simulated.wake("user");
    expect(simulated.admit("normal").kind).toBe("now");
    expect(events.map((event) => event.kind)).toEqual(["app.woken", "app.woken"]);
  });

  test("how long a message waits at most is the config's to say", () => {
    expect(phone({ doze: true }, { dozeMaintenanceWindowMs: 40 }).simulated.admit("normal")).toMatchObject({
      forMs: 40,
    });
  });

  test("a killed app is started by the next message and shows its call", () => {
    const { simulated, events } = phone();
    simulated.terminate("killed by the user");
    expect(simulated.admit("high").kind).toBe("now");
    simulated.wake("push");
    simulated.showCall("call:1", "push");
    expect(events.slice(1)).toEqual([
      { kind: "app.woken", why: "push" },
      { kind: "ringing.shown", why: "push", call: "call:1" },
    ]);
  });
});
