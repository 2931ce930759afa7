import { describe, expect, test } from "vitest";
import { judgeTrace } from "../../../harness/judge/judge-trace.ts";
import type { TraceSetup } from "../../../harness/judge/testing/trace-builder.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { Platform } from "../../../harness/trace/trace-event.ts";
import { flowRequirements } from "./index.ts";
import { answeredCall, call, ladder, phone } from "./testing/ladder.ts";

const failsOf = (trace: Trace) =>
  Object.entries(judgeTrace(trace, flowRequirements))
    .filter(([, { kind }]) => kind === "fail")
    .map(([id]) => id);

const passesOf = (trace: Trace) =>
  Object.entries(judgeTrace(trace, flowRequirements))
    .filter(([, { kind }]) => kind === "pass")
    .map(([id]) => id);

const parallel: TraceSetup = { features: { delivery: "parallel" }, phones: [{ signalling: "silent" }] };

/** The setup, with every phone of that platform. */
const on = (platform: Platform, setup: TraceSetup = {}): TraceSetup => ({
  ...setup,
  phones: (setup.phones ?? [{}]).map((phoneOfPlan) => ({ ...phoneOfPlan, platform })),
});

const unregistered = {
  ios: { status: 410, reason: "Unregistered" },
  android: { status: 404, reason: "UNREGISTERED" },
} as const;

/** Calls as conforming targets of three architectures treat them. */
const conforming: Readonly<Record<string, (platform: Platform) => Trace>> = {
  "answered, holding proxy": (platform) => answeredCall(on(platform)),
  "answered over TCP": (platform) => answeredCall(on(platform, { transport: "tcp" })),
  "answered, B2BUA": (platform) => {
    const t = ladder(on(platform, { features: { kind: "b2bua" } }));
    t.callerInvites(call);
    t.callerGets(call, 100);
    t.push(phone, call, { payload: { callId: `phone-leg-${call}-${phone}` } });
    t.wokenWithInvite();
    t.rings();
    t.answers();
    t.phoneHangsUp(phone, call);
    t.callerGetsBye(call);
    return t.finished();
  },
  "late fork beside a silent contact": (platform) => {
    const t = ladder(on(platform, parallel));
    t.pushed();
    t.inviteReaches(phone, call);
    t.wokenWithInvite();
    t.rings();
    t.answers();
    t.callerEnds();
    return t.finished();
  },
  "cancelled before the push was answered": (platform) => {
    const t = ladder(on(platform));
    t.callerInvites(call);
    t.callerGets(call, 100);
    t.callerCancels(call);
    t.push(phone, call);
    t.callerGetsForCancel(call);
    t.callerGets(call, 487);
    t.wakes(phone, { afterMs: 200 });
    return t.finished();
  },
  "cancelled while held": (platform) => {
    const t = ladder(on(platform));
    t.pushed();
    t.callerCancels(call);
    t.callerGetsForCancel(call);
    t.callerGets(call, 487);
    t.wakes(phone, { afterMs: 200 });
    return t.finished();
  },
  "cancelled while ringing": (platform) => {
    const t = ladder(on(platform));
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    t.callerCancelsRinging();
    return t.finished();
  },
  "CANCEL crosses the answer, which wins": (platform) => {
    const t = ladder(on(platform));
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    t.phoneSends(phone, call, 200);
    t.callerCancels(call);
    t.callerGets(call, 200, { toTag: `${phone}-tag` });
    t.callerGetsForCancel(call);
    t.callerAcks(call);
    t.ackReaches(phone, call);
    t.callerEnds();
    return t.finished();
  },
  declined: (platform) => {
    const t = ladder(on(platform));
    t.pushed();
    t.wokenWithInvite();
    t.rings();
    t.phoneSends(phone, call, 486);
    t.ackReaches(phone, call);
    t.callerGets(call, 486);
    return t.finished();
  },
  "never woken": (platform) => {
    const t = ladder(on(platform));
    t.pushed();
    t.callerGets(call, 480, { afterMs: 14_000 });
    return t.finished();
  },
  "push refused": (platform) => {
    const t = ladder(on(platform));
    t.callerInvites(call);
    t.push(phone, call, unregistered[platform]);
    t.callerGets(call, 480);
    return t.finished();
  },
  "push dropped, then the phone comes back by itself": (platform) => {
    const t = ladder(on(platform));
    t.callerInvites(call);
    t.push(phone, call, { copies: 0 });
    t.wokenWithInvite();
    t.rings();
    t.answers();
    t.callerEnds();
    return t.finished();
  },
  "connected over TCP": (platform) => {
    const t = ladder(on(platform, { transport: "tcp", phones: [{ signalling: "connected" }] }));
    t.callerInvites(call);
    t.inviteReaches(phone, call);
    t.rings();
    t.answers();
    t.phoneHangsUp(phone, call);
    t.callerGetsBye(call);
    return t.finished();
  },
  "two phones, one answers, one is cancelled": (platform) => {
    const t = ladder(on(platform, { phones: [{}, {}] }));
    t.pushed();
    t.push("phone:2", call);
    t.wokenWithInvite();
    t.rings();
    t.wokenWithInvite("phone:2");
    t.rings("phone:2");
    t.answers();
    t.cancelReaches("phone:2", call);
    t.callerEnds();
    return t.finished();
  },
  "a second call while the first wakes the phone": (platform) => {
    const t = ladder(on(platform, { calls: [{}, {}] }));
    t.pushed();
    t.callerInvites("call:2");
    t.push(phone, "call:2");
    t.wakes(phone);
    for (const each of ["call:1", "call:2"] as const) {
      t.inviteReaches(phone, each);
      t.rings(phone, each);
      t.callerCancelsRinging(phone, each);
    }
    return t.finished();
  },
};

/** What only Android does to a push that its FCM took. */
const heldBack: Readonly<Record<string, () => Trace>> = {
  "Doze holds the push until the caller has given up": () => {
    const t = ladder(on("android"));
    t.callerInvites(call);
    t.callerGets(call, 100);
    t.push(phone, call, { android: { priority: "NORMAL" }, copies: 0 });
    t.callerGets(call, 480, { afterMs: 14_000 });
    t.wakes(phone, { afterMs: 60_000 });
    return t.finished();
  },
  "the push is stored and comes in time all the same": () => {
    const t = ladder(on("android"));
    t.callerInvites(call);
    t.callerGets(call, 100);
    t.push(phone, call, { storedForMs: 6000 });
    t.wokenWithInvite();
    t.rings();
    t.answers();
    t.callerEnds();
    return t.finished();
  },
  "a stored push wakes the phone for a call that is over": () => {
    const t = ladder(on("android"));
    t.callerInvites(call);
    t.callerGets(call, 100);
    const { request } = t.push(phone, call, { copies: 0 });
    t.callerCancels(call);
    t.callerGetsForCancel(call);
    t.callerGets(call, 487);
    t.event("push-service", "os", {
      kind: "push.delivered",
      push: request.push,
      token: request.token ?? "",
      copy: 1,
      payload: JSON.parse(new TextDecoder().decode(request.body)).message.data,
      priority: "normal",
    });
    t.wakes(phone);
    return t.finished();
  },
};

/** Targets that answer without doing anything. */
const lazy: Readonly<Record<string, () => Trace>> = {
  "rejects everything": () => {
    const t = ladder({ registered: false });
    t.opensFlow(phone);
    t.registers(phone, { status: 403 });
    t.callerInvites(call);
    t.callerGets(call, 486);
    return t.finished();
  },
  "answers everything": () => {
    const t = ladder({ transport: "tcp", phones: [{ signalling: "connected" }, {}, { signalling: "logged-out" }] });
    t.callerInvites(call);
    t.callerGets(call, 200);
    t.callerAcks(call);
    t.callerHangsUp(call);
    return t.finished();
  },
  "answers nothing": () => {
    const t = ladder({ registered: false });
    t.opensFlow(phone);
    t.registering(phone);
    t.callerInvites(call);
    return t.finished();
  },
};

describe("flow requirements", () => {
  test("have unique ids, a quoted source each, and no must of RingTrue's own", () => {
    expect(new Set(flowRequirements.map(({ id }) => id)).size).toBe(59);
    for (const { id, sources, level, origin } of flowRequirements) {
      expect(id).toMatch(/^flow\/[a-z-]+$/u);
      expect(sources.every(({ quote }) => quote.length > 20)).toBe(true);
      expect(level === "must" && origin === "house").toBe(false);
    }
  });

  describe.each(["ios", "android"] as const)("on %s", (platform) => {
    test.each(Object.entries(conforming))("draw no fail from a conforming target: %s", (_, play) => {
      expect(failsOf(play(platform))).toEqual([]);
    });
  });

  test.each(Object.entries(conforming))("find the same to judge on Android as on iOS: %s", (_, play) => {
    expect(passesOf(play("android"))).toEqual(passesOf(play("ios")));
  });

  test.each(Object.entries(heldBack))("do not blame the target for what FCM and Android do: %s", (_, play) => {
    expect(failsOf(play())).toEqual([]);
  });

  test.each(Object.entries(lazy))("earn nothing for a target that %s", (_, play) => {
    expect(passesOf(play())).toEqual([]);
  });
});
