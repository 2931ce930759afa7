import { describe, expect, test } from "vitest";
import { on, places, start, step } from "../../../harness/plan/plan-parts.ts";
import type { Step } from "../../../harness/plan/plan.ts";
import { sipOf } from "../../../harness/trace/sip-of.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { cseq } from "../../../harness/wire/headers.ts";
import { clientBench, clientPlan, eventsIn, kindsOf } from "./testing/client-bench.ts";
import { testApp } from "./testing/test-app.ts";

const phone = "phone:1";
const call = "call:1";
const pushed: Step = step(start, { kind: "push.send", phone, call });
const answered: Step = step(on("ringing.shown", phone), { kind: "user.answer", phone, call });
const declined: Step = step(on("ringing.shown", phone), { kind: "user.decline", phone, call });
const invited: Step = places(call, on("phone.registered", phone));

/** The SIP messages from the first step on, without retransmissions, read: `INVITE`, `200 INVITE`. */
function wire(trace: Trace): readonly string[] {
  const [first] = eventsIn(trace, "step.played");
  return eventsIn(trace, "sip")
    .filter(({ seq, retransmitOf }) => first !== undefined && seq > first.seq && retransmitOf === undefined)
    .map((event) => {
      const message = sipOf(event);
      if (message.kind === "not-sip") return "not SIP";
      return message.kind === "request" ? message.method : `${message.status} ${cseq(message)?.method}`;
    });
}

const register = ["REGISTER", "200 REGISTER"];
const answer = ["INVITE", "180 INVITE", "200 INVITE", "ACK"];

describe.concurrent("a call to an app on an iPhone", () => {
  test("is pushed, answered and hung up", async (context) => {
    const { play } = await clientBench(context);
    const hungUp = step(on("media.started", phone), { kind: "user.hang-up", phone, call });
    const trace = await play(clientPlan({ app: "suspended" }, [pushed, answered, invited, hungUp]));
    expect(trace.end.kind).toBe("finished");
    expect(wire(trace)).toEqual([...register, ...answer, "BYE", "200 BYE"]);
    expect(eventsIn(trace, "step.played").map(({ step: nth }) => nth)).toEqual([0, 1, 2, 3]);
    expect(kindsOf(trace, "ringing.shown", "user.answered", "audio.activated", "call.ended")).toEqual([
      "ringing.shown",
      "user.answered",
      "audio.activated",
      "call.ended",
    ]);
    expect(eventsIn(trace, "push.delivered")).toMatchObject([{ from: "push-service", to: "os", by: "world", call }]);
    expect(eventsIn(trace, "user.answered")).toMatchObject([{ phone, call, through: "call-screen", step: 1 }]);
  });

  test("names what of the app's messages led to what on the phone", async (context) => {
    const { play } = await clientBench(context);
    const trace = await play(clientPlan({ app: "suspended" }, [pushed]));
    const [shown] = eventsIn(trace, "ringing.shown");
    expect(shown).toMatchObject({ from: "os", to: "os", by: "target", phone, call });
    expect(trace.events[shown!.cause!]).toMatchObject({
      kind: "link.request",
      method: "provider.reportNewIncomingCall",
      from: "target",
      to: "os",
      call,
    });
    expect(eventsIn(trace, "push.received")).toMatchObject([{ by: "world", phone, call }]);
  });

  test("says who its people are, and what the push carries", async (context) => {
    const { play, world } = await clientBench(context);
    const trace = await play(clientPlan({}, [pushed]));
    const { aor, tokens, provider } = trace.identities!.phones[phone]!;
    const identity = trace.identities!.calls[call]!;
    expect(identity).toMatchObject({ calleeAor: aor, callerUri: "sip:+15550100@example.test" });
    expect(provider).toBe("apns");
    expect(eventsIn(trace, "push.delivered")).toMatchObject([
      {
        token: tokens[0],
        payload: { ...pick(identity.push!), handle: "+15550100", callerName: "Alice Liddell", hasVideo: false },
      },
    ]);
    expect(trace.facts.app).toMatchObject({ name: "test app", telecom: "self-managed" });
    expect(world.runFacts).toBe(trace.facts);
  });

  test("starts with the INVITE where the app runs, and the late push shows nothing new", async (context) => {
    const { play } = await clientBench(context);
    const late = step(on("ringing.shown", phone), { kind: "push.send", phone, call });
    const trace = await play(clientPlan({ app: "foreground" }, [places(call), answered, late]));
    expect(wire(trace).slice(0, 2)).toEqual(["INVITE", "180 INVITE"]);
    expect(wire(trace)).toContain("200 INVITE");
    expect(eventsIn(trace, "ringing.shown")).toMatchObject([{ why: "invite", call }]);
  });

  test("is cancelled while it rings", async (context) => {
    const { play } = await clientBench(context);
    const cancelled = step(on("call.ringing", call), { kind: "caller.hang-up", call, form: "answered-elsewhere" });
    const trace = await play(clientPlan({}, [pushed, invited, cancelled]));
    expect(wire(trace)).toEqual([...register, "INVITE", "180 INVITE", "CANCEL", "200 CANCEL", "487 INVITE", "ACK"]);
    expect(eventsIn(trace, "call.ended")).toMatchObject([{ call, why: "remoteEnded" }]);
    const cancel = eventsIn(trace, "sip").find((event) => sipOf(event).kind === "request" && isCancel(event.bytes));
    expect(Buffer.from(cancel!.bytes).toString()).toContain("Reason: Q.850;cause=26");
  });

  test("is declined", async (context) => {
    const { play } = await clientBench(context);
    const trace = await play(clientPlan({}, [places(call), declined]));
    expect(wire(trace)).toEqual(["INVITE", "180 INVITE", "486 INVITE", "ACK"]);
  });

  test("starts an app that was killed, once per push", async (context) => {
    const { play, app } = await clientBench(context);
    const trace = await play(clientPlan({ app: "killed" }, [pushed, invited, answered], { transport: "tcp" }));
    expect(wire(trace)).toEqual(expect.arrayContaining([...register, ...answer]));
    expect(eventsIn(trace, "app.launched").map(({ why }) => why)).toEqual(["user", "push"]);
    const flows = trace.events.filter(({ kind }) => kind === "flow.opened" || kind === "flow.closed");
    const [first] = eventsIn(trace, "step.played");
    expect(flows.filter(({ seq }) => seq < first!.seq).map(({ kind }) => kind)).toEqual(["flow.opened", "flow.closed"]);
    expect(app.asked.filter((asked) => asked.startsWith("device.terminate"))).toHaveLength(2);
  });

  test("cannot be answered before it rings", async (context) => {
    const { play } = await clientBench(context);
    const trace = await play(clientPlan({}, [step(start, { kind: "user.answer", phone, call })]));
    expect(eventsIn(trace, "user.could-not")).toMatchObject([{ act: "answer", phone, call, from: "user", step: 0 }]);
    expect(kindsOf(trace, "user.answered")).toEqual([]);
  });
});

function pick({ callUUID, callId }: { readonly callUUID: string; readonly callId: string }) {
  return { callUUID, callId };
}

function isCancel(bytes: Uint8Array): boolean {
  return Buffer.from(bytes).toString().startsWith("CANCEL");
}

describe.concurrent("a call to an app on an Android phone", () => {
  test.for(["self-managed", "none"])("is answered on its notification, with telecom %s", async (telecom, context) => {
    const { play } = await clientBench(context, { telecom });
    const hungUp = step(on("media.started", phone), { kind: "user.hang-up", phone, call });
    const plan = clientPlan({ platform: "android", app: "killed" }, [pushed, answered, invited, hungUp]);
    const trace = await play(plan);
    expect(trace.end.kind).toBe("finished");
    expect(wire(trace)).toEqual([...register, ...answer, "BYE", "200 BYE"]);
    expect(eventsIn(trace, "push.delivered")).toMatchObject([
      { from: "push-service", to: "os", by: "world", call, priority: "high", payload: { hasVideo: "false" } },
    ]);
    expect(eventsIn(trace, "ringing.shown")).toMatchObject([{ why: "notification", call, by: "target" }]);
    expect(eventsIn(trace, "user.answered")).toMatchObject([{ through: "notification", call }]);
    const [active] = eventsIn(trace, "connection.state").filter(({ state }) => state === "ACTIVE");
    expect(active?.call).toBe(telecom === "none" ? undefined : call);
  });

  test("is declined through Telecom where the plan says so", async (context) => {
    const { play } = await clientBench(context);
    const atWatch: Step = step(on("sent.180", phone), { kind: "user.decline", phone, call, through: "telecom" }, 30);
    const trace = await play(clientPlan({ platform: "android" }, [places(call), atWatch]));
    expect(wire(trace)).toEqual(["INVITE", "180 INVITE", "486 INVITE", "ACK"]);
    expect(eventsIn(trace, "user.declined")).toMatchObject([{ through: "telecom" }]);
  });
});

describe.concurrent("the network and the wire of a phone", () => {
  test("are lost without a farewell, and registered over anew", async (context) => {
    const { play } = await clientBench(context);
    const trace = await play(
      clientPlan(
        { app: "foreground" },
        [
          step(start, { kind: "phone.lose-network", phone }),
          places(call, start, 10),
          step(start, { kind: "phone.regain-network", phone }, 50),
        ],
        { transport: "tcp" },
      ),
    );
    expect(kindsOf(trace, "flow.silenced", "flow.opened")).toEqual(["flow.opened", "flow.silenced", "flow.opened"]);
    const invite = eventsIn(trace, "sip").filter(({ call: of }) => of === call);
    expect(invite.map(({ fate }) => fate)).toEqual(["lost"]);
    expect(wire(trace).slice(-2)).toEqual(register);
  });

  test("end with another network, over which the app registers again", async (context) => {
    const { play } = await clientBench(context);
    const moved = step(start, { kind: "phone.change-network", phone });
    const trace = await play(clientPlan({ app: "foreground" }, [moved], { transport: "tcp" }));
    expect(kindsOf(trace, "flow.closed", "flow.opened")).toEqual(["flow.opened", "flow.closed", "flow.opened"]);
    expect(wire(trace)).toEqual(register);
    expect(eventsIn(trace, "link.request").find(({ method }) => method === "network.changed")?.params).toMatchObject({
      reachable: true,
      interface: "cellular",
    });
  });

  test("lose messages at the app's side and at the caller's", async (context) => {
    const { play } = await clientBench(context);
    const trace = await play(
      clientPlan({ app: "foreground" }, [
        step(start, {
          kind: "wire.lose",
          match: { at: phone, direction: "sent", method: "INVITE", status: 180 },
          count: 1,
        }),
        step(start, { kind: "wire.duplicate", match: { at: call, direction: "sent", method: "INVITE" }, count: 1 }),
        places(call),
      ]),
    );
    const fates = eventsIn(trace, "sip")
      .filter(({ call: of }) => of === call)
      .map(({ fate, by }) => `${by} ${fate}`);
    // The second INVITE is a retransmission, which the last provisional response answers (RFC 3261 17.2.1).
    expect(fates).toEqual(["world delivered", "world duplicate", "target lost", "target delivered"]);
  });
});

describe.concurrent("the registrar of a case", () => {
  test("challenges where the target takes digest", async (context) => {
    const { play } = await clientBench(context, {}, { features: { digest: true } });
    const trace = await play(clientPlan({}, []));
    const statuses = eventsIn(trace, "sip").map((event) => sipOf(event));
    expect(statuses.map((sip) => (sip.kind === "response" ? sip.status : ""))).toEqual(["", 401, "", 200]);
  });

  test("holds REGISTERs back until the plan lets them go", async (context) => {
    const { play } = await clientBench(context);
    const trace = await play(
      clientPlan({}, [
        step(start, { kind: "registrar.answer", phone, answer: "hold" }),
        step(start, { kind: "push.send", phone, call }),
        step(on("ringing.shown", phone), { kind: "registrar.answer", phone, answer: 403 }, 40),
      ]),
    );
    expect(wire(trace)).toEqual(["REGISTER", "403 REGISTER"]);
    const [released] = eventsIn(trace, "step.played").slice(-1);
    expect(eventsIn(trace, "sip").at(-1)!.seq).toBeGreaterThan(released!.seq);
  });
});

describe.concurrent("a case that goes wrong", () => {
  test("goes on with an app that does nothing, and one that does not start", async (context) => {
    const lazy = await clientBench(context, { isLazy: true });
    const plan = clientPlan({ signalling: "logged-out" }, [pushed, answered, places(call)]);
    const trace = await lazy.play(plan);
    expect(trace.end.kind).toBe("finished");
    expect(eventsIn(trace, "app.terminated")).toMatchObject([{ why: "unreported-push" }]);
    expect(eventsIn(trace, "step.unreached")).toHaveLength(1);
    expect(wire(trace)).toEqual([]);
    const dead = await clientBench(context, { refusesLaunch: true });
    const other = await dead.play(clientPlan({}, [places(call)]));
    expect(other.end.kind).toBe("finished");
    expect(kindsOf(other, "app.launch-failed", "app.launched")).toEqual(["app.launch-failed"]);
  });

  test("ends at once when it is aborted, and gives its devices back", async (context) => {
    const { play, app } = await clientBench(context);
    const abort = new AbortController();
    const playing = play(clientPlan({}, [step(start, { kind: "phone.wake", phone }, 60_000)]), abort.signal);
    await app.whenAsked("device.background n1/phone:1");
    abort.abort();
    expect((await playing).end.kind).toBe("interrupted");
    expect(app.asked.at(-1)).toMatch(/^device\.terminate/);
  });

  test("ends when the adapter does, whoever says so first", async (context) => {
    const { play, app, world } = await clientBench(context);
    const playing = play(clientPlan({}, [step(start, { kind: "phone.wake", phone }, 60_000)]));
    const later = play(clientPlan({}, [step(start, { kind: "phone.wake", phone }, 60_000)]));
    await Promise.all([app.whenAsked("device.background n1/phone:1"), app.whenAsked("device.background n2/phone:1")]);
    app.die({ kind: "exited", code: 3, signal: null });
    world.targetExited({ code: 3, signal: null });
    for (const trace of [await playing, await later]) {
      expect(trace.end).toMatchObject({ kind: "target-died", how: "exit code 3" });
      expect(eventsIn(trace, "target.exited")).toHaveLength(1);
    }
    expect((await play(clientPlan({}, []))).end.kind).toBe("target-died");
    const fresh = testApp();
    await world.openAdapter(fresh.link);
    expect((await play(clientPlan({}, []))).end.kind).toBe("finished");
  });

  test("has what the adapter did against the contract, and nobody else's", async (context) => {
    const { play, app, world } = await clientBench(context);
    const playing = play(clientPlan({}, []));
    const other = play(clientPlan({}, []));
    await Promise.all([app.whenAsked("device.background n1/phone:1"), app.whenAsked("device.background n2/phone:1")]);
    app.garble("oops");
    app.say("n1/phone:1", "provider.reportNewIncomingCall", { uuid: 1 });
    const [trace, clean] = await Promise.all([playing, other]);
    const problems = eventsIn(trace, "link.problem");
    expect(problems.map(({ problem }) => problem)).toEqual(["not-json", "bad-params"]);
    expect(problems[0]!.claimedBy).toEqual(["test-1", "test-2"]);
    expect(problems[1]).toMatchObject({ phone, by: "target", from: "target", to: "os" });
    expect(eventsIn(clean, "link.problem").map(({ problem }) => problem)).toEqual(["not-json"]);
    const run = await world.close();
    expect(eventsIn(run, "link.problem")).toHaveLength(1);
    expect(eventsIn(run, "link.request").map(({ method }) => method)).toContain("initialize");
  });

  test("says which requests had no reply", async (context) => {
    const { play, app } = await clientBench(context, { leaves: ["device.background"] });
    const playing = play(clientPlan({ app: "foreground" }, [step(start, { kind: "phone.background", phone })]));
    await app.whenAsked("device.background n1/phone:1");
    app.garble(died("n1/phone:1"));
    const trace = await playing;
    expect(eventsIn(trace, "link.unanswered")).toMatchObject([{ method: "device.background", by: "target", phone }]);
    expect(eventsIn(trace, "app.terminated")).toMatchObject([{ why: "crashed", message: "boom", phone }]);
  });
});

function died(device: string): string {
  return JSON.stringify({ jsonrpc: "2.0", method: "device.died", params: { device, message: "boom" } });
}

describe.concurrent("an adapter", () => {
  test("is leased as many devices as it takes, however many cases want them", async (context) => {
    const { play, world, app } = await clientBench(context, { maxDevices: 2 });
    expect(world.capacity.cases).toBe(2);
    const plan = clientPlan({}, [], { phones: 2 });
    const traces = await Promise.all([play(plan), play(plan), play(clientPlan({}, [], { phones: 3 }))]);
    expect(traces.map(({ end }) => end.kind)).toEqual(["finished", "finished", "finished"]);
    expect(traces.map((trace) => kindsOf(trace, "app.launch-failed").length)).toEqual([0, 0, 1]);
    expect(app.asked.filter((asked) => asked.startsWith("device.launch"))).toHaveLength(6);
  });

  test("hosts a hundred phones at once, each in its own case", async (context) => {
    const { play, world } = await clientBench(context, {}, { appReactsMs: 2_000 });
    const plan = clientPlan({}, [pushed, invited, answered], { transport: "tcp" });
    const traces = await Promise.all(Array.from({ length: 100 }, () => play(plan)));
    for (const trace of traces) {
      expect(new Set(wire(trace))).toEqual(new Set([...register, ...answer]));
      expect(new Set(trace.events.flatMap(({ phone: one }) => one ?? []))).toEqual(new Set([phone]));
    }
    const run = await world.close();
    expect(kindsOf(run, "sip", "flow.opened", "link.problem")).toEqual([]);
  });

  test("must do what the config says of it", async (context) => {
    const { world } = await clientBench(context);
    const other = testApp({ platforms: ["ios"], transports: ["udp"] });
    await expect(world.openAdapter(other.link)).rejects.toThrow(
      "target.features.platforms has android, and the adapter's initialize says ios only. target.features.transports has tcp",
    );
  });
});
