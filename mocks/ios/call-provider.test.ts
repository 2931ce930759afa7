import { describe, expect, test } from "vitest";
import { incomingCallErrors, requestTransactionErrors } from "./call-kit-error.ts";
import { testIphone, uuids, type TestIphone, type TestIphoneOptions } from "./testing/test-iphone.ts";

const [uuid, other, third] = uuids;
const update = { remoteHandle: { type: "phoneNumber", value: "+15550100" } } as const;

async function running(options: TestIphoneOptions = {}): Promise<TestIphone> {
  const phone = await testIphone(options);
  phone.device.foreground();
  phone.news();
  phone.requests();
  return phone;
}

function ring(phone: TestIphone, callUUID: string = uuid): object {
  return phone.ask("provider.reportNewIncomingCall", { uuid: callUUID, update });
}

function connect(phone: TestIphone, callUUID: string = uuid): void {
  ring(phone, callUUID);
  phone.device.user.answer(callUUID);
  phone.ask("action.fulfill", { actionId: phone.actionId("answer") });
  phone.clock.advance(200);
}

const incoming = "com.apple.CallKit.error.incomingcall";
const transaction = "com.apple.CallKit.error.requesttransaction";

describe("reports to the simulated provider", () => {
  const names = Object.keys(incomingCallErrors) as (keyof typeof incomingCallErrors)[];

  test.for(names)("can be refused with %s", async (name) => {
    const phone = await running({ conditions: { refuseReports: name } });
    expect(ring(phone)).toMatchObject({ code: 1, data: { domain: incoming, code: incomingCallErrors[name], name } });
    expect(phone.device.calls()).toEqual([]);
    phone.device.change({ refuseReports: undefined });
    expect(ring(phone)).toEqual({});
  });

  test("are refused to an app without the entitlement", async () => {
    const phone = await running({ conditions: { entitled: false } });
    expect(ring(phone)).toMatchObject({ data: { code: 1, name: "unentitled" } });
    expect(phone.ask("callController.request", { actions: [] })).toMatchObject({
      data: { domain: transaction, code: 1 },
    });
  });

  test("tell a call apart whatever the case of its UUID", async () => {
    const phone = await running();
    expect(ring(phone)).toEqual({});
    expect(ring(phone, uuid.toUpperCase())).toMatchObject({ data: { code: 2, name: "callUUIDAlreadyExists" } });
    phone.ask("provider.reportCallEnded", { uuid: uuid.toUpperCase(), reason: "remoteEnded" });
    expect(phone.device.calls()).toEqual([]);
  });

  test("under the UUID of a call that has ended ring again", async () => {
    const phone = await running();
    ring(phone);
    phone.ask("provider.reportCallEnded", { uuid, reason: "remoteEnded" });
    expect(ring(phone)).toEqual({});
    expect(phone.news()).toEqual(["ringing.shown", "ringing.ended", "call.ended", "ringing.shown"]);
  });

  test("beyond the call groups are refused, with the code that is configured, and leave the others alone", async () => {
    const phone = await running({ numbers: { maximumCallGroups: 2, groupLimitErrorCode: 7 } });
    connect(phone);
    ring(phone, other);
    expect(ring(phone, third)).toMatchObject({ code: 1, data: { domain: incoming, code: 7 } });
    expect(phone.events.at(-1)).toEqual({
      kind: "call.refused",
      callUUID: third,
      code: 7,
      why: "maximumCallGroupsReached",
    });
    expect(phone.device.calls().map(({ state }) => state)).toEqual(["connected", "ringing"]);
  });

  test.for(["+1 (555) 0100", "tel:+15550100", "sip:+15550100@elsewhere.test;user=phone"])(
    "of the blocked number spelled %s are filtered",
    async (value) => {
      const phone = await running({ conditions: { blocked: ["+15550100"] } });
      const remoteHandle = { type: "generic", value } as const;
      expect(phone.ask("provider.reportNewIncomingCall", { uuid, update: { remoteHandle } })).toMatchObject({
        data: { code: 4 },
      });
      const stranger = { remoteHandle: { type: "generic", value: "sip:ann@a.test" } } as const;
      expect(phone.ask("provider.reportNewIncomingCall", { uuid, update: stranger })).toEqual({});
    },
  );

  test("that update a call change what they name, and of an unknown call nothing", async () => {
    const phone = await running();
    ring(phone);
    expect(phone.ask("provider.reportCallUpdated", { uuid, update: { localizedCallerName: "Ann" } })).toEqual({});
    expect(phone.device.calls()[0]?.update).toEqual({ ...update, localizedCallerName: "Ann" });
    phone.news();
    expect(phone.ask("provider.reportCallUpdated", { uuid: other, update })).toEqual({});
    expect(phone.ask("provider.reportCallEnded", { uuid: other, reason: "failed" })).toEqual({});
    expect(phone.news()).toEqual([]);
  });

  test.for(["failed", "remoteEnded", "unanswered", "answeredElsewhere", "declinedElsewhere"] as const)(
    "end a ringing call as %s",
    async (reason) => {
      const phone = await running();
      ring(phone);
      phone.ask("provider.reportCallEnded", { uuid, reason });
      expect(phone.news("kind", "why")).toEqual([
        { kind: "ringing.shown", why: "invite" },
        { kind: "ringing.ended", why: reason },
        { kind: "call.ended", why: reason },
      ]);
      expect(phone.requests()).toEqual([]);
    },
  );
});

describe("actions of the simulated provider", () => {
  test("are performed as the contract spells them", async () => {
    const phone = await running();
    ring(phone);
    phone.device.user.answer(uuid);
    expect(phone.asked.at(-1)).toEqual({
      method: "provider.perform",
      params: {
        device: "phone-1",
        action: { id: phone.actionId("answer"), type: "answer", callUUID: uuid.toUpperCase() },
        timeoutMs: 60_000,
      },
    });
  });

  test.for([
    { type: "setHeld", act: (phone: TestIphone) => phone.device.user.setHeld(uuid, true), news: "call.held" },
    { type: "setMuted", act: (phone: TestIphone) => phone.device.user.setMuted(uuid, true), news: "call.muted" },
    { type: "playDTMF", act: (phone: TestIphone) => phone.device.user.playDTMF(uuid, "1#"), news: undefined },
  ] as const)("of type $type do what they say when fulfilled, and nothing when not", async ({ type, act, news }) => {
    const phone = await running();
    connect(phone);
    for (const how of ["action.fail", "nothing", "action.fulfill"] as const) {
      phone.news();
      expect(act(phone)).toBe(true);
      if (how === "nothing") phone.clock.advance(5000);
      else phone.ask(how, { actionId: phone.actionId(type) });
      const outcome = { "action.fail": "failed", nothing: "timed-out", "action.fulfill": "fulfilled" }[how];
      const settled = phone.events.findLast((event) => event.kind === "action.settled");
      expect(settled).toMatchObject({ type, outcome });
      expect(phone.news().includes(news ?? "no such event")).toBe(how === "action.fulfill" && news !== undefined);
      expect(phone.device.calls()).toMatchObject([{ state: "connected" }]);
    }
  });

  test("of an unknown id are refused", async () => {
    const phone = await running();
    for (const method of ["action.fulfill", "action.fail"] as const)
      expect(phone.ask(method, { actionId: "no-such" })).toMatchObject({ code: 1, data: { domain: transaction } });
  });

  test("that were settled before are refused a fulfilment and ignore a failure", async () => {
    const phone = await running();
    ring(phone);
    phone.device.user.answer(uuid);
    const actionId = phone.actionId("answer");
    phone.ask("provider.reportCallEnded", { uuid, reason: "remoteEnded" });
    phone.news();
    expect(phone.ask("action.fail", { actionId })).toEqual({});
    expect(phone.ask("action.fulfill", { actionId })).toMatchObject({
      code: 1,
      data: { domain: transaction, code: 6 },
    });
    expect(phone.events.slice(-2)).toEqual([
      { kind: "action.late", action: actionId, said: "fail", outcome: "call-ended" },
      { kind: "action.late", action: actionId, said: "fulfill", outcome: "call-ended" },
    ]);
    expect(phone.device.calls()).toEqual([]);
  });

  test("left open when their call is hung up are settled by its end", async () => {
    const phone = await running();
    ring(phone);
    phone.device.user.answer(uuid);
    phone.device.user.hangUp(uuid);
    phone.news();
    phone.ask("action.fulfill", { actionId: phone.actionId("end") });
    expect(phone.news("kind", "type", "outcome")).toEqual([
      { kind: "action.settled", type: "end", outcome: "fulfilled" },
      { kind: "action.settled", type: "answer", outcome: "call-ended" },
      { kind: "call.ended" },
    ]);
    phone.clock.advance(120_000);
    expect(phone.news()).toEqual([]);
  });

  test("that answer a call the user has hung up meanwhile leave it about to end", async () => {
    const phone = await running();
    ring(phone);
    phone.device.user.answer(uuid);
    phone.device.user.hangUp(uuid);
    expect(phone.ask("action.fulfill", { actionId: phone.actionId("answer") })).toEqual({});
    expect(phone.device.calls()).toMatchObject([{ state: "ending" }]);
    phone.ask("action.fulfill", { actionId: phone.actionId("end") });
    expect(phone.device.calls()).toEqual([]);
  });

  test("are not performed once an action before them in the transaction has ended their call", async () => {
    const phone = await running({
      app: {
        "provider.perform"({ action }, reply, app) {
          if (action.type === "end") app.ask("provider.reportCallEnded", { uuid: other, reason: "remoteEnded" });
          reply();
        },
      },
    });
    connect(phone);
    ring(phone, other);
    phone.device.user.answer(other, "end");
    expect(phone.asked.filter(({ method }) => method === "provider.perform").at(-1)?.params["action"]).toMatchObject({
      type: "end",
    });
    expect(phone.device.calls()).toMatchObject([{ callUUID: uuid, state: "ending" }]);
  });

  test("may be fulfilled by the app while it is being asked", async () => {
    const phone = await running({
      app: {
        "provider.perform"({ action }, reply, app) {
          app.ask("action.fulfill", { actionId: action.id });
          reply();
        },
      },
    });
    ring(phone);
    phone.device.user.answer(uuid);
    expect(phone.device.calls()).toMatchObject([{ state: "connected" }]);
    phone.clock.advance(100);
    phone.device.user.hangUp(uuid);
    expect(phone.device.calls()).toEqual([]);
    expect(phone.requests()).toEqual([
      "provider.perform",
      "provider.didActivateAudioSession",
      "provider.perform",
      "provider.didDeactivateAudioSession",
    ]);
  });
});

describe("the user of the simulated iPhone", () => {
  test("ends the call that goes on and answers the new one, in that order", async () => {
    const phone = await running();
    connect(phone);
    ring(phone, other);
    phone.news();
    expect(phone.device.user.answer(other, "end")).toBe(true);
    expect(
      phone.events
        .flatMap((event) => (event.kind === "action.performed" ? [[event.type, event.callUUID]] : []))
        .slice(-2),
    ).toEqual([
      ["end", uuid],
      ["answer", other],
    ]);
    phone.ask("action.fulfill", { actionId: phone.actionId("end") });
    phone.ask("action.fulfill", { actionId: phone.actionId("answer") });
    expect(phone.device.calls()).toMatchObject([{ callUUID: other, state: "connected" }]);
  });

  test("holds the call that goes on and answers the new one", async () => {
    const phone = await running();
    connect(phone);
    ring(phone, other);
    phone.device.user.answer(other);
    phone.ask("action.fulfill", { actionId: phone.actionId("setHeld") });
    phone.ask("action.fulfill", { actionId: phone.actionId("answer") });
    expect(phone.device.calls()).toMatchObject([
      { callUUID: uuid, state: "connected", onHold: true },
      { callUUID: other, state: "connected", onHold: false },
    ]);
  });

  test("declines the second call without touching the first", async () => {
    const phone = await running();
    connect(phone);
    ring(phone, other);
    phone.device.user.decline(other);
    phone.ask("action.fulfill", { actionId: phone.actionId("end") });
    expect(phone.device.calls()).toMatchObject([{ callUUID: uuid, state: "connected" }]);
    expect(phone.device.isAudioActive()).toBe(true);
  });

  test("finds no button for what cannot be done", async () => {
    const phone = await testIphone();
    const { user } = phone.device;
    expect(user.start(uuid)).toBe(false);
    phone.device.foreground();
    phone.news();
    expect([user.answer(uuid), user.decline(uuid), user.hangUp(uuid), user.start("123")]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    ring(phone);
    phone.news();
    expect([
      user.hangUp(uuid),
      user.setHeld(uuid, true),
      user.setMuted(uuid, true),
      user.playDTMF(uuid, "1"),
      user.start(uuid),
    ]).toEqual([false, false, false, false, false]);
    expect(phone.news()).toEqual([]);
  });
});

describe("transactions of the app", () => {
  const names = Object.keys(requestTransactionErrors) as (keyof typeof requestTransactionErrors)[];

  test.for(names)("can be refused with %s", async (name) => {
    const phone = await running({ conditions: { refuseTransactions: name } });
    expect(phone.ask("callController.request", { actions: [{ type: "start", callUUID: uuid }] })).toMatchObject({
      code: 1,
      data: { domain: transaction, code: requestTransactionErrors[name], name },
    });
    expect(phone.events.at(-1)).toEqual({ kind: "transaction.refused", why: name });
  });

  const start = (callUUID: string) => ({ type: "start", callUUID }) as const;
  const end = (callUUID: string) => ({ type: "end", callUUID }) as const;

  test.for([
    { what: "that are empty", actions: [], code: 3 },
    { what: "about a call nobody knows", actions: [end(other)], code: 4 },
    { what: "that start a call that is there", actions: [start(uuid)], code: 5 },
    { what: "that start one call twice", actions: [start(other), start(other)], code: 5 },
    { what: "that answer a call that does not ring", actions: [{ type: "answer", callUUID: uuid } as const], code: 6 },
    {
      what: "with one id twice",
      actions: [
        { ...end(uuid), id: "a" },
        { ...end(uuid), id: "a" },
      ],
      code: 6,
    },
    { what: "that start more calls than there are groups", actions: [start(other), start(third)], code: 7 },
  ])("$what are refused as a whole", async ({ actions, code }) => {
    const phone = await running();
    connect(phone);
    phone.requests();
    expect(phone.ask("callController.request", { actions })).toMatchObject({
      code: 1,
      data: { domain: transaction, code },
    });
    expect(phone.requests()).toEqual([]);
    expect(phone.device.calls()).toHaveLength(1);
  });

  test("are accepted first and performed then, under the ids the app gave", async () => {
    const phone = await running();
    const actions = [{ ...start(uuid), id: "mine" }];
    expect(phone.ask("callController.request", { actions })).toEqual({});
    expect(phone.news()).toEqual(["action.performed", "call.started"]);
    expect(phone.asked.at(-1)?.params["action"]).toEqual({ id: "mine", type: "start", callUUID: uuid.toUpperCase() });
    expect(phone.ask("action.fulfill", { actionId: "mine" })).toEqual({});
    expect(phone.device.calls()).toMatchObject([{ direction: "outgoing", state: "connecting" }]);
  });

  test("about what is no UUID are bad params", async () => {
    const phone = await running();
    expect(phone.ask("callController.request", { actions: [end("123")] })).toMatchObject({ code: -32602 });
  });
});
