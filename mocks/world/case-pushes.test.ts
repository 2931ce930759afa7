import { describe, expect, test } from "vitest";
import { manualClock } from "../../harness/clock/testing/manual-clock.ts";
import { testFacts } from "../../harness/judge/testing/default-facts.ts";
import { testPlan } from "../../harness/judge/testing/test-plan.ts";
import { deliveredAfter, deliveredAtOnce, dropped, refused } from "../../harness/plan/plan-parts.ts";
import type { AndroidState, PushHandling } from "../../harness/plan/plan.ts";
import { traceRecorder } from "../../harness/trace/recorder.ts";
import { androidPhone } from "../android/android-phone.ts";
import { powerNumbers } from "../android/power-numbers.ts";
import { apnsDeviceStore } from "../apns/device-store.ts";
import { fcmDeviceStore } from "../fcm/device-store.ts";
import type { PushDelivery, PushOutcome, ReceivedPush } from "../push/push-hooks.ts";
import { attribution } from "./attribution.ts";
import { callDirectory } from "./call-directory.ts";
import { casePushes } from "./case-pushes.ts";
import { caseRecorder } from "./case-recorder.ts";
import { makePersonas } from "./identities.ts";
import { pendingTimers } from "./pending-timers.ts";
import type { PhonePlayer } from "./phone-player.ts";

const accepted: PushOutcome = { kind: "response", status: 200, scripted: false };

/** The push path of a case with one sleeping Android phone, whose network and user a test plays. */
function path(handlings: readonly PushHandling[] = [], state: Partial<AndroidState> = {}) {
  const clock = manualClock(1_000_000);
  const plan = testPlan({ phones: [{ platform: "android" }] });
  const personas = makePersonas(plan, { caseId: "case", attempt: 1, nonce: "n" }, testFacts());
  const recorder = caseRecorder(traceRecorder({ clock, lagMs: () => 0 }));
  const timers = pendingTimers(clock, () => {});
  const os = androidPhone(
    {
      running: false,
      token: personas.phones[0]!.token(0),
      state: { doze: false, deprioritised: false, ...state },
      numbers: powerNumbers({}),
      now: () => clock.now(),
    },
    () => {},
  );
  const queue = [...handlings];
  const world = { reachable: true, delivered: 0, started: 0 };
  const phone = {
    registeredAtMs: () => 0,
    token: () => os.token,
    reachable: () => world.reachable,
    nextHandling: () => queue.shift() ?? deliveredAtOnce,
    admit: os.admit,
    deliver(_call: unknown, startsApp: boolean) {
      world.delivered += 1;
      world.started += startsApp ? 1 : 0;
    },
  } as unknown as PhonePlayer;
  const pushes = casePushes({
    recorder,
    timers,
    clock,
    directory: callDirectory(plan, personas, testFacts().profile),
    attribution: attribution(),
    phones: new Map([["phone:1", phone]]),
    stores: { apns: apnsDeviceStore(), fcm: fcmDeviceStore() },
  });
  let sent = 0;

  return {
    clock,
    os,
    world,
    timers,
    /** A push for the phone, received and answered; they are named `push-1`, `push-2`, ... */
    async pushed(delivery: Partial<PushDelivery> = {}, outcome: PushOutcome = accepted, message: object = {}) {
      sent += 1;
      const push: ReceivedPush = {
        service: "fcm",
        push: `push-${sent}`,
        connection: "fcm-1",
        method: "POST",
        path: "/v1/projects/p/messages:send",
        headers: [],
        body: Buffer.from(JSON.stringify({ message })),
        token: os.token,
        findings: [],
        verdictByRules: { status: 200, id: "1" },
        delivery: { payload: { callId: "c" }, stored: true, priority: "high", ...delivery },
        receivedAtMs: clock.now(),
      };
      const decision = pushes.receive("phone:1", push);
      pushes.responded("phone:1", push, outcome);
      // What is due at once happens once what is being done now is done.
      await Promise.resolve();
      return decision;
    },
    isBack: () => pushes.phoneIsBack("phone:1"),
    /** What became of the pushes, in order: `push-1 delivered high`. */
    fates: () =>
      recorder.events().flatMap((event) => {
        if (event.kind === "push.delivered") return [`${event.push} delivered ${event.priority}`];
        if (event.kind === "push.stored")
          return [`${event.push} stored: ${event.why}${event.replaces === undefined ? "" : `, for ${event.replaces}`}`];
        return event.kind === "push.dropped" ? [`${event.push} dropped: ${event.why}`] : [];
      }),
    recorder,
  };
}

describe("a push on its way to an Android phone", () => {
  test("is delivered at once with the priority it was sent with", async () => {
    const way = path();
    await way.pushed();
    await way.pushed({ priority: "normal" });
    expect(way.fates()).toEqual(["push-1 delivered high", "push-2 delivered normal"]);
    expect(way.world.delivered).toBe(2);
  });

  test("goes the way the plan says: late, twice, or never", async () => {
    const way = path([deliveredAfter(400, 2), dropped]);
    await way.pushed();
    await way.pushed();
    expect(way.timers.pending()).toBe(1);
    way.clock.advance(400);
    expect(way.fates()).toEqual([
      "push-2 dropped: lost, as the plan says",
      "push-1 delivered high",
      "push-1 delivered high",
    ]);
  });

  test("is refused in the plan's words, and then delivered to nobody", async () => {
    const way = path([refused(429, "QUOTA_EXCEEDED", 60)]);
    const outcome = {
      kind: "response",
      status: 429,
      reason: "QUOTA_EXCEEDED",
      retryAfterS: 60,
      scripted: true,
    } as const;
    expect(await way.pushed({}, outcome)).toEqual({
      kind: "status",
      status: 429,
      reason: "QUOTA_EXCEEDED",
      retryAfterS: 60,
      answerDelayMs: 0,
    });
    expect(way.recorder.events().find(({ kind }) => kind === "push.response")).toMatchObject({
      service: "fcm",
      status: 429,
      retryAfterS: 60,
    });
    expect(way.fates()).toEqual([]);
  });

  test("is kept while the phone has no network, and delivered when it is back", async () => {
    const way = path();
    way.world.reachable = false;
    await way.pushed();
    expect(way.timers.pending()).toBe(0);
    way.world.reachable = true;
    way.isBack();
    way.isBack();
    expect(way.fates()).toEqual(["push-1 stored: the phone has no network", "push-1 delivered high"]);
  });

  test("is lost when it was not to be stored, and when its time is over", async () => {
    const way = path();
    way.world.reachable = false;
    await way.pushed({ stored: false });
    await way.pushed({ expiresAtMs: 1_000_500 });
    way.clock.advance(501);
    way.world.reachable = true;
    way.isBack();
    expect(way.fates()).toEqual([
      "push-1 dropped: the phone has no network, and it was not to be stored",
      "push-2 stored: the phone has no network",
      "push-2 dropped: expired before delivery",
    ]);
  });

  test("takes the place of the one that was kept for the same collapse key", async () => {
    const way = path();
    way.world.reachable = false;
    await way.pushed({ slot: "call" });
    await way.pushed({ slot: "call" });
    way.world.reachable = true;
    way.isBack();
    expect(way.fates()).toEqual([
      "push-1 stored: the phone has no network",
      "push-2 stored: the phone has no network, for push-1",
      "push-1 dropped: replaced by push-2",
      "push-2 delivered high",
    ]);
  });

  test("for a token that was replaced meanwhile reaches nobody", async () => {
    const way = path([deliveredAfter(100)]);
    await way.pushed();
    way.os.issueToken("new");
    way.clock.advance(100);
    expect(way.fates()).toEqual(["push-1 dropped: the token is no longer the phone's"]);
  });

  test("starts the app unless it is a notification, which the system shows", async () => {
    const way = path();
    await way.pushed({}, accepted, { data: {} });
    expect(way.world.started).toBe(1);
    await way.pushed({}, accepted, { notification: { title: "Call" } });
    await way.pushed({}, accepted, { android: { notification: {} } });
    expect([way.world.delivered, way.world.started]).toEqual([3, 1]);
  });

  test("of normal priority waits in Doze until the user picks the phone up", async () => {
    const way = path([], { doze: true });
    await way.pushed({ priority: "normal" });
    expect([way.world.delivered, way.timers.pending()]).toEqual([0, 0]);
    way.os.wake("user");
    way.isBack();
    expect(way.fates()).toEqual(["push-1 stored: the phone is in Doze", "push-1 delivered normal"]);
  });

  test("of a deprioritised app waits in Doze until the next maintenance window, however it was sent", async () => {
    const way = path([], { doze: true, deprioritised: true });
    await way.pushed();
    way.clock.advance(299_999);
    expect(way.fates()).toEqual(["push-1 stored: the phone is in Doze"]);
    way.clock.advance(1);
    expect(way.fates()).toEqual(["push-1 stored: the phone is in Doze", "push-1 delivered normal"]);
  });

  test("that comes back with the network stays in Doze", async () => {
    const way = path([], { doze: true });
    way.world.reachable = false;
    await way.pushed({ priority: "normal" });
    way.world.reachable = true;
    way.isBack();
    expect(way.fates()).toEqual(["push-1 stored: the phone has no network", "push-1 stored: the phone is in Doze"]);
  });
});
