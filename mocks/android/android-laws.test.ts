import type { AndroidEvent } from "../../harness/trace/android-event.ts";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { TelecomStyle } from "./android-settings.ts";
import { act, type Act } from "./testing/arbitrary-act.ts";
import { runningAndroid, type TestAndroid } from "./testing/test-android.ts";

/** Plays the acts on an app in the background; then nothing happens for a long time. */
async function play(telecom: TelecomStyle, acts: readonly Act[]): Promise<TestAndroid> {
  const phone = await runningAndroid({ telecom });
  for (const one of acts) one(phone);
  phone.clock.advance(3_600_000);
  return phone;
}

async function always(law: (phone: TestAndroid) => void): Promise<void> {
  const styles = fc.constantFrom<TelecomStyle>("self-managed", "managed", "core", "none");
  await fc.assert(
    fc.asyncProperty(styles, fc.array(act, { maxLength: 60 }), async (style, acts) => law(await play(style, acts))),
    { numRuns: 150 },
  );
}

/** What `begin` and `end` leave open, by the key of the event; each event must open what is closed or close what is open. */
function balance(
  events: readonly AndroidEvent[],
  [begin, end]: readonly [string, string],
  keyOf: (event: AndroidEvent) => string,
): { readonly open: ReadonlySet<string>; readonly outOfTurn: readonly AndroidEvent[] } {
  const open = new Set<string>();
  const outOfTurn: AndroidEvent[] = [];
  for (const event of events) {
    if (event.kind !== begin && event.kind !== end) continue;
    const key = keyOf(event);
    if (open.has(key) === (event.kind === begin)) outOfTurn.push(event);
    if (event.kind === begin) open.add(key);
    else open.delete(key);
  }
  return { open, outOfTurn };
}

function idsIn(event: AndroidEvent): string {
  const { notificationId, connectionId } = event as {
    readonly notificationId?: unknown;
    readonly connectionId?: string;
  };
  return notificationId === undefined ? `call ${connectionId}` : JSON.stringify(notificationId);
}

describe("whatever happens to a simulated Android phone", () => {
  test("its app is asked only what fits the link, and its timers run out", async () => {
    await always(({ problems, clock }) => {
      expect(problems.filter(({ kind }) => kind !== "device-not-launched")).toEqual([]);
      expect(clock.pending()).toBe(0);
    });
  });

  test("every window of a message closes", async () => {
    await always(({ events }) => {
      const count = (kind: string): number => events.filter((event) => event.kind === kind).length;
      expect(count("message.window-closed")).toBe(count("message.window-opened"));
    });
  });

  test("a ring ends before it is shown again, and what rings at the end can be seen", async () => {
    await always(({ events, device }) => {
      const { open, outOfTurn } = balance(events, ["ringing.shown", "ringing.ended"], idsIn);
      expect(outOfTurn).toEqual([]);
      const seen = device.notifications().filter(({ actions }) => actions.includes("answer"));
      const byTelecom = device.calls().filter(({ shownBy, state }) => shownBy === "telecom" && state === "RINGING");
      expect([...open].sort()).toEqual(
        [
          ...seen.map(({ notificationId }) => JSON.stringify(notificationId)),
          ...byTelecom.map(({ connectionId }) => `call ${connectionId}`),
        ].sort(),
      );
    });
  });

  test("a call that is over stays over as long as its process lives", async () => {
    await always(({ events }) => {
      const over = new Set<string>();
      const revived: AndroidEvent[] = [];
      for (const event of events) {
        if (event.kind === "app.terminated") over.clear();
        if (event.kind !== "connection.state") continue;
        if (over.has(event.connectionId)) revived.push(event);
        if (event.state === "DISCONNECTED") over.add(event.connectionId);
      }
      expect(revived).toEqual([]);
    });
  });

  test("a process takes its foreground service, wake locks and calls with it", async () => {
    await always(({ events, device }) => {
      const held = [device.foregroundTypes(), device.wakeLocks(), device.calls()];
      expect(device.app() === "dead" ? held : [[], 0, []]).toEqual([[], 0, []]);
      const stops = events.filter(({ kind }) => kind === "service.stopped").length;
      const starts = events.filter(
        ({ kind }, at) =>
          kind === "service.started" &&
          events.slice(0, at).findLast((one) => one.kind === "service.started" || one.kind === "service.stopped")
            ?.kind !== "service.started",
      ).length;
      expect(starts - stops).toBe(device.foregroundTypes().length > 0 ? 1 : 0);
    });
  });

  test("a microphone in the background has its answer before it", async () => {
    await always(({ events }) => {
      const early = events.filter((event, at) => {
        if (event.kind !== "service.started" || !event.types.some((type) => type !== "phoneCall")) return false;
        const before = events.slice(0, at);
        const isVisible = before.findLast(({ kind }) => kind.startsWith("app."))?.kind === "app.foregrounded";
        const isAnswered = before.some(
          (one) =>
            (one.kind === "telecom.asked" && one.act === "answer") ||
            (one.kind === "notification.tapped" && one.action === "answer"),
        );
        return !isVisible && !isAnswered;
      });
      expect(early).toEqual([]);
    });
  });
});
