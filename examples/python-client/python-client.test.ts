import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type { AndroidEvent } from "../../harness/trace/android-event.ts";
import type { IosEvent } from "../../harness/trace/ios-event.ts";
import { contacts, cseq, header } from "../../harness/wire/headers.ts";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import type { SipMessage, SipRequest } from "../../harness/wire/sip-message.ts";
import type { LinkProfile } from "../../mocks/device-link/messages.ts";
import type { Binding } from "../../mocks/sip/bindings.ts";
import type { CancelForm } from "../../mocks/sip/invite-sender.ts";
import type { WireMessage } from "../../mocks/sip/sip-socket.ts";
import { ownMistakes } from "../../mocks/sip/testing/own-wire.ts";
import { headerToken } from "../../scenarios/profiles/header-token.ts";
import { rfc8599 } from "../../scenarios/profiles/rfc8599.ts";
import { pythonStand, startPython, type PythonAdapter, type PythonStand } from "./testing/python-stand.ts";

const isThere = spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 10))"]).status === 0;
const mustRun = process.env["RINGTRUE_REQUIRE_ALL"] === "1";
// A skipped test's title is not printed by every reporter.
if (!isThere) process.stderr.write("NOT TESTED: examples/python-client, as there is no python3 of 3.10 or later\n");
test.skipIf(!isThere && !mustRun)("there is a python3 of 3.10 or later; without it the example is NOT TESTED", () => {
  expect(isThere).toBe(true);
});

const uuids = [1, 2, 3, 4].map((n) => `6f1ad0a1-0001-4000-8000-00000000000${n}`) as [string, string, string, string];
const [uuid] = uuids;
const payloadOf = (callId: string, callUUID = uuid): Record<string, string> => {
  return { callUUID, callId, handle: "+1 555 0100", callerName: "Alice", hasVideo: "false" };
};

type OfKind<E extends { readonly kind: string }> = <K extends E["kind"]>(
  kind: K,
  members?: Partial<Extract<E, { readonly kind: K }>>,
) => (event: E) => boolean;
const matcher =
  <E extends { readonly kind: string }>(): OfKind<E> =>
  (kind, members = {}) =>
  (event) =>
    event.kind === kind &&
    Object.entries(members).every(([name, value]) => (event as Record<string, unknown>)[name] === value);
const ios = matcher<IosEvent>();
const android = matcher<AndroidEvent>();
const is =
  (kind: string) =>
  (event: { readonly kind: string }): boolean =>
    event.kind === kind;

describe.skipIf(!isThere)("the Python client", () => {
  let python: PythonAdapter;
  beforeAll(async () => {
    python = await startPython(rfc8599);
    return async () => await python.adapter.close();
  });

  const set = async (
    options?: Parameters<typeof pythonStand>[1],
    adapter: PythonAdapter = python,
  ): Promise<PythonStand> => await pythonStand(adapter, options);

  test("on an iPhone: push, report, REGISTER, INVITE, 180, answer, 200, ACK, BYE", async () => {
    const stand = await set();
    const { device, events, bound, call } = await stand.iphone("ann");
    device.deliver({ id: "push-1", payload: payloadOf("call-1") });
    await events.find(ios("ringing.shown", { why: "push", callUUID: uuid }));
    await events.find(ios("push.returned", { push: "push-1", reported: true }));
    await events.find(ios("push.completed", { times: 1 }));

    const binding = await bound(1);
    expect(binding.push).toEqual({ provider: "apns", param: "TEAM.test.app.voip", token: "voip-ann" });
    const invite = call(binding, { callId: "call-1", video: true });
    await invite.events.find(is("ringing"));
    device.user.answer(uuid);
    await invite.events.find(is("answered"));
    await events.find(ios("action.settled", { type: "answer", outcome: "fulfilled" }));
    await events.find(ios("media.started", { callUUID: uuid, audio: "active", callState: "connected" }));
    device.user.setHeld(uuid, true);
    await invite.events.find(is("request-received"));
    await events.find(ios("media.stopped"));
    invite.options();
    await invite.events.find((event) => event.kind === "response-received" && event.response.status === 200);
    invite.bye();
    await events.find(ios("call.ended", { why: "remoteEnded" }));
    expect(events.all.filter(is("ringing.shown"))).toHaveLength(1);
    expect(theirMistakes(stand)).toEqual([]);
    // RFC 8599 section 4.1: the name of the phone at the push service is for REGISTER alone.
    const others = sent(stand).filter((message) => cseq(message)?.method !== "REGISTER");
    expect(others.map((message) => header(message, "contact")).filter((contact) => contact?.includes("pn-"))).toEqual(
      [],
    );
  });

  test("on Android: message, Telecom, notification, REGISTER, INVITE, 180, answer, setActive, BYE", async () => {
    const stand = await set();
    const { device, events, bound, call } = await stand.android("bea");
    deliver(device, "message-1", payloadOf("call-1"));
    await events.find(android("connection.state", { state: "RINGING", asker: "app" }));
    await events.find(android("ringing.shown", { surface: "full-screen" }));
    await events.find(android("message.handled"));
    expect(device.foregroundTypes()).not.toContain("microphone");

    const binding = await bound(1);
    expect(binding.push).toEqual({ provider: "fcm", param: "project", token: "fcm:bea" });
    const invite = call(binding, { callId: "call-1" });
    await invite.events.find(is("ringing"));
    expect(device.user.answer()).toEqual({ kind: "done", through: "notification" });
    await invite.events.find(is("answered"));
    await events.find(android("connection.state", { state: "ACTIVE" }));
    await events.find(android("media.started", { callState: "ACTIVE" }));
    expect(device.foregroundTypes()).toEqual(["phoneCall", "microphone"]);
    await events.find(android("notification.updated", { style: "CallStyle" }));
    device.user.hangUp();
    await invite.events.find(is("bye-received"));
    await events.find(android("connection.state", { state: "DISCONNECTED", disconnectCause: "LOCAL" }));
    await events.find(android("connection.destroyed", { disconnected: true }));
    await events.find(android("service.stopped"));
    expect(device.notifications()).toEqual([]);
    expect(theirMistakes(stand)).toEqual([]);
  });

  test.each([
    ["plain", "remoteEnded", "MISSED"],
    ["completed-elsewhere", "answeredElsewhere", "ANSWERED_ELSEWHERE"],
    ["answered-elsewhere", "answeredElsewhere", "ANSWERED_ELSEWHERE"],
    ["declined-elsewhere", "declinedElsewhere", "REJECTED"],
  ] as const)("a CANCEL of the form %s ends the call as %s and %s", async (form: CancelForm, why, disconnectCause) => {
    const stand = await set();
    const [iphone, droid] = await Promise.all([stand.iphone("ann"), stand.android("bea")]);
    iphone.device.deliver({ id: "push-1", payload: payloadOf("call-1") });
    deliver(droid.device, "message-1", payloadOf("call-2"));
    const calls = [
      iphone.call(await iphone.bound(1), { callId: "call-1" }),
      droid.call(await droid.bound(1), { callId: "call-2" }),
    ];
    for (const { events, cancel } of calls) {
      await events.find(is("ringing"));
      cancel(form);
      expect(await events.find(is("rejected"))).toMatchObject({ status: 487 });
    }
    await iphone.events.find(ios("call.ended", { why }));
    await droid.events.find(android("connection.state", { disconnectCause }));
    // A push that comes once the call is over is reported, and the report taken back in the same turn.
    iphone.device.deliver({ id: "push-2", payload: payloadOf("call-1") });
    await iphone.events.find(ios("push.returned", { push: "push-2", reported: true }));
    expect(iphone.events.all.filter(ios("call.ended", { why }))).toHaveLength(2);
    expect(theirMistakes(stand)).toEqual([]);
  });

  test("who declines before the INVITE came is not asked again: it gets 603", async () => {
    const stand = await set();
    const [iphone, droid] = await Promise.all([stand.iphone("ann"), stand.android("bea")]);
    iphone.device.deliver({ id: "push-1", payload: payloadOf("call-1") });
    deliver(droid.device, "message-1", payloadOf("call-2"));
    await iphone.events.find(is("ringing.shown"));
    iphone.device.user.decline(uuid);
    await iphone.events.find(ios("action.settled", { type: "end", outcome: "fulfilled" }));
    await droid.events.find(is("ringing.shown"));
    droid.device.user.decline();
    await droid.events.find(android("connection.state", { disconnectCause: "REJECTED" }));
    for (const { call, bound, callId } of [
      { ...iphone, callId: "call-1" },
      { ...droid, callId: "call-2" },
    ]) {
      const invite = call(await bound(1), { callId });
      expect(await invite.events.find(is("rejected"))).toMatchObject({ status: 603 });
    }
    expect(iphone.events.all.filter(is("ringing.shown"))).toHaveLength(1);
  });

  test("who answers before the registrar did is not connected before it did", async () => {
    let letGo = (): void => {};
    const held = new Promise<{ readonly kind: "accept" }>((resolve) => (letGo = () => resolve({ kind: "accept" })));
    const stand = await set({ answer: () => held });
    const { device, events, bound, call } = await stand.iphone("ann");
    device.deliver({ id: "push-1", payload: payloadOf("call-1") });
    // The report does not wait for the registrar, which has not answered.
    await events.find(ios("push.returned", { reported: true }));
    device.user.answer(uuid);
    await stand.wire.find(({ direction, bytes }) => direction === "in" && isRequest(bytes, "REGISTER"));
    expect(events.all.filter(is("action.settled"))).toEqual([]);
    letGo();
    const invite = call(await bound(1), { callId: "call-1" });
    await invite.events.find(is("answered"));
    await events.find(ios("action.settled", { type: "answer", outcome: "fulfilled" }));
    await events.find(is("media.started"));
    device.user.hangUp(uuid);
    await invite.events.find(is("bye-received"));
  });

  test("a refused registration ends the call as failed", async () => {
    const stand = await set({ answer: () => ({ kind: "reject", status: 403 }) });
    const { device, events } = await stand.iphone("ann");
    device.deliver({ id: "push-1", payload: payloadOf("call-1") });
    await events.find(ios("call.ended", { why: "failed" }));
    expect(device.calls()).toEqual([]);
  });

  test("pushes that are malformed, that come twice, or name no UUID are reported all the same", async () => {
    const stand = await set();
    const { device, events } = await stand.iphone("ann");
    device.deliver({ id: "push-1", payload: "nonsense" });
    await events.find(ios("call.ended", { why: "failed" }));
    device.deliver({ id: "push-2", payload: { aps: {} } });
    await events.find(ios("push.completed", { push: "push-2" }));
    expect(events.all.filter(ios("call.ended", { why: "failed" }))).toHaveLength(2);
    device.deliver({ id: "push-3", payload: payloadOf("call-1", "no UUID") });
    await events.find(ios("push.returned", { push: "push-3", reported: true }));
    device.deliver({ id: "push-4", payload: payloadOf("call-1", "no UUID") });
    await events.find(ios("call.refused", { why: "callUUIDAlreadyExists" }));
    await events.find(ios("push.completed", { push: "push-4", times: 1 }));
    expect(device.calls()).toHaveLength(1);
  });

  test("a call that Do Not Disturb filters, or Telecom does not take, is refused and does not ring", async () => {
    const stand = await set();
    const iphone = await stand.iphone("ann", { conditions: { doNotDisturb: true } });
    const droid = await stand.android("bea");
    droid.device.change({ manageOwnCalls: false });
    iphone.device.deliver({ id: "push-1", payload: payloadOf("call-1") });
    deliver(droid.device, "message-1", payloadOf("call-2"));
    const [first, second] = [
      iphone.call(await iphone.bound(1), { callId: "call-1" }),
      droid.call(await droid.bound(1), { callId: "call-2" }),
    ];
    expect(await first.events.find(is("rejected"))).toMatchObject({ status: 480 });
    expect(await second.events.find(is("rejected"))).toMatchObject({ status: 486 });
    expect([...iphone.events.all, ...droid.events.all].filter(is("ringing.shown"))).toEqual([]);
    expect(droid.device.notifications()).toEqual([]);
  });

  test("a suspended app reads no packets; the push that wakes it and the INVITE that waited are one call", async () => {
    const stand = await set();
    const iphone = await stand.iphone("ann");
    const droid = await stand.android("bea");
    const bindings = [];
    for (const { device, bound } of [iphone, droid]) {
      device.foreground();
      bindings.push(await bound(1));
      device.background();
      device.suspend();
    }
    await python.answered("device.suspend", 2);
    const [first, second] = bindings as [Binding, Binding];
    const invites = [iphone.call(first, { callId: "call-1" }), droid.call(second, { callId: "call-2" })];
    for (const callId of ["call-1", "call-2"]) await stand.wire.find(({ bytes }) => isRequest(bytes, "INVITE", callId));
    iphone.device.deliver({ id: "push-1", payload: payloadOf("call-1") });
    deliver(droid.device, "message-1", payloadOf("call-2"));
    for (const invite of invites) await invite.events.find(is("ringing"));
    // Also one that is registered registers when it is pushed (RFC 8599 section 4.1.3).
    for (const { bound } of [iphone, droid]) await bound(2);
    await droid.events.find(is("ringing.shown"));
    expect(iphone.events.all.filter(ios("ringing.shown", { callUUID: uuid }))).toHaveLength(1);
    expect(droid.events.all.filter(is("telecom.call-added"))).toHaveLength(1);
    expect([...iphone.events.all, ...droid.events.all].filter(is("app.ran-while-suspended"))).toEqual([]);
    iphone.device.user.decline(uuid);
    droid.device.user.decline();
    for (const invite of invites) expect(await invite.events.find(is("rejected"))).toMatchObject({ status: 603 });
  });

  test("of a killed app, and of a token that was replaced, no binding is left behind", async () => {
    const stand = await set();
    const { device, events, bound, account } = await stand.android("bea");
    const bindings = () => stand.server.registrar.bindings(account.aor).map(({ push }) => push.token);
    const cleaned = async (token: string | undefined, times: number): Promise<void> => {
      let seen = 0;
      await stand.registered.find(
        ({ added, removed }) => added.length === 0 && removed.length > 0 && (seen += 1) >= times,
      );
      expect(bindings()).toEqual(token === undefined ? [] : [token]);
    };
    device.foreground();
    await bound(1);
    device.terminate("out of memory");
    deliver(device, "message-1", payloadOf("call-1"));
    await cleaned("fcm:bea", 1);
    await events.find(is("notification.shown"));
    device.terminate("out of memory");
    device.foreground();
    // A notification outlives the process, and must not outlive the call.
    await events.find(is("notification.cancelled"));
    await cleaned("fcm:bea", 2);
    device.rotateToken("fcm:bea-2");
    await cleaned("fcm:bea-2", 3);
    device.changeAccount(null);
    await cleaned(undefined, 4);
    const removed = requests(stand, "REGISTER").flatMap((request) =>
      contacts(request).flatMap((contact) =>
        contact !== "*" && contact.params.get("expires") === "0" ? [contact.uri] : [],
      ),
    );
    expect(removed.length).toBeGreaterThanOrEqual(4);
    // RFC 8599 section 4.1.2.
    for (const { params } of removed) {
      expect(params.get("pn-provider")).toBe("fcm");
      expect(params.has("pn-prid")).toBe(false);
    }
  });

  test("a call goes with its account", async () => {
    const stand = await set();
    const { device, events, bound, call } = await stand.iphone("ann");
    device.foreground();
    const invite = call(await bound(1), { callId: "call-1" });
    await events.find(ios("ringing.shown", { why: "invite" }));
    await invite.events.find(is("ringing"));
    device.changeAccount(null);
    expect(await invite.events.find(is("rejected"))).toMatchObject({ status: 480 });
    await events.find(ios("call.ended", { why: "failed" }));
    device.deliver({ id: "push-1", payload: payloadOf("call-2") });
    await events.find(ios("push.completed"));
    expect(events.all.filter(is("call.ended"))).toHaveLength(2);
  });

  test("a second call is taken while the first is held", async () => {
    const stand = await set();
    const { device, events, bound, call } = await stand.iphone("ann");
    device.deliver({ id: "push-1", payload: payloadOf("call-1") });
    const first = call(await bound(1), { callId: "call-1", delayedOffer: true });
    await first.events.find(is("ringing"));
    device.user.answer(uuid);
    await events.find(ios("media.started", { callUUID: uuid }));
    device.deliver({ id: "push-2", payload: payloadOf("call-2", uuids[1]) });
    const second = call(await bound(2), { callId: "call-2" });
    await second.events.find(is("ringing"));
    second.branch();
    expect(await second.events.find(is("branch-rejected"))).toMatchObject({ status: 482 });
    device.user.answer(uuids[1], "hold");
    await second.events.find(is("answered"));
    await first.events.find(is("request-received"));
    await events.find(ios("media.started", { callUUID: uuids[1] }));
    await events.find(ios("media.stopped", { callUUID: uuid }));
    second.reinvite({ hold: true });
    expect(await second.events.find(is("response-received"))).toMatchObject({ response: { status: 200 } });
    device.user.hangUp(uuid);
    await first.events.find(is("bye-received"));
    second.bye();
    await events.find(ios("call.ended", { callUUID: uuids[1], why: "remoteEnded" }));
    expect(theirMistakes(stand)).toEqual([]);
  });

  test("a hundred phones in one program do not disturb each other", async () => {
    const stand = await set();
    const fifty = Array.from({ length: 50 }, (_, n) => n);
    await Promise.all(
      fifty.map(async (n) => {
        const [iphone, droid] = await Promise.all([stand.iphone(`ann-${n}`), stand.android(`bea-${n}`)]);
        iphone.device.deliver({ id: `push-${n}`, payload: payloadOf(`ios-${n}`) });
        deliver(droid.device, `message-${n}`, payloadOf(`android-${n}`));
        const [first, second] = await Promise.all([
          iphone.bound(1).then((binding) => iphone.call(binding, { callId: `ios-${n}` })),
          droid.bound(1).then((binding) => droid.call(binding, { callId: `android-${n}` })),
        ]);
        await Promise.all([first, second].map(async ({ events }) => await events.find(is("ringing"))));
        await Promise.all([iphone.events.find(is("ringing.shown")), droid.events.find(is("ringing.shown"))]);
        iphone.device.user.answer(uuid);
        droid.device.user.answer();
        await Promise.all([iphone.events.find(is("media.started")), droid.events.find(is("media.started"))]);
        await Promise.all([first, second].map(async ({ events }) => await events.find(is("answered"))));
        first.bye();
        second.bye();
        await iphone.events.find(ios("call.ended", { why: "remoteEnded" }));
        await droid.events.find(android("connection.state", { disconnectCause: "REMOTE" }));
      }),
    );
    expect(stand.faults).toEqual([]);
  });

  test("nothing of all that was against the contract, and nothing failed", () => {
    expect(python.problems).toEqual([]);
    expect(python.adapter.log()).toEqual([]);
  });

  test("under a dialect that cancels by push, fulfils at once and ties push and INVITE by a header field", async () => {
    const profile: LinkProfile = {
      ...headerToken,
      cancelByPush: { pointer: "/aps/type", value: "cancel" },
      answerFulfil: "at-once",
    };
    const other = await startPython(profile, ["main.py", "--invite-wait-ms", "300"]);
    onTestFinished(async () => void (await other.adapter.close()));
    const stand = await set({ registration: headerToken.registration }, other);
    const { device, events, bound, call } = await stand.iphone("ann");
    device.deliver({ id: "push-1", payload: { aps: { pushHint: "hint-1" } } });
    expect((await bound(1)).push).toEqual({ token: "voip-ann" });
    await events.find(is("ringing.shown"));
    device.user.answer(device.calls()[0]?.callUUID ?? "none");
    await events.find(ios("action.settled", { type: "answer", outcome: "fulfilled" }));
    await events.find(is("audio.activated"));
    // No INVITE comes.
    await events.find(ios("call.ended", { why: "failed" }));
    expect(events.all.filter(is("media.started"))).toEqual([]);

    device.deliver({ id: "push-2", payload: { aps: { pushHint: "hint-2" } } });
    // Only an INVITE that comes after the report has something to add to it.
    await events.find(ios("push.completed", { push: "push-2", times: 1 }));
    const invite = call(await bound(2), { callId: "call-2", headers: [["X-PushHint", "hint-2"]] });
    await invite.events.find(is("ringing"));
    // The push has not told who calls, and the INVITE has.
    await events.find(is("call.updated"));
    device.deliver({ id: "push-3", payload: { aps: { pushHint: "hint-2", type: "cancel" } } });
    await events.find(ios("call.ended", { why: "remoteEnded" }));
    await events.find(ios("push.completed", { push: "push-3", times: 1 }));
    expect(await invite.events.find(is("rejected"))).toMatchObject({ status: 480 });
    expect(events.all.filter(is("ringing.shown"))).toHaveLength(2);
  });
});

function deliver(
  device: { token(): string; deliver: (message: never) => void },
  messageId: string,
  data: Record<string, string>,
): void {
  const message = { messageId, token: device.token(), data, priority: "high", sentTimeMs: Date.now(), ttlMs: 60_000 };
  device.deliver(message as never);
}

/** What the phones wrote. */
function sent(stand: PythonStand): readonly SipMessage[] {
  return stand.wire.all.flatMap(({ direction, bytes }) => {
    const message = parseMessage(bytes);
    return direction === "in" && message.kind !== "not-sip" ? [message] : [];
  });
}

function requests(stand: PythonStand, method: string): readonly SipRequest[] {
  return sent(stand).filter(
    (message): message is SipRequest => message.kind === "request" && message.method === method,
  );
}

function isRequest(bytes: Uint8Array, method: string, callId?: string): boolean {
  const message = parseMessage(bytes);
  if (message.kind !== "request" || message.method !== method) return false;
  return callId === undefined || header(message, "call-id") === callId;
}

/** What is wrong with the messages of the phones. */
function theirMistakes(stand: PythonStand): readonly string[] {
  return ownMistakes(
    stand.wire.all.map((seen): WireMessage => ({
      ...seen,
      direction: seen.direction === "in" ? "out" : "in",
    })),
  );
}
