import { randomUUID } from "node:crypto";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { liveClock } from "../../../harness/clock/clock.ts";
import type { AndroidEvent } from "../../../harness/trace/android-event.ts";
import type { IosEvent } from "../../../harness/trace/ios-event.ts";
import type { Platform, Transport } from "../../../harness/trace/trace-event.ts";
import { rfc8599 } from "../../../scenarios/profiles/rfc8599.ts";
import { androidDevice } from "../../android/android-device.ts";
import { androidNumbers } from "../../android/android-numbers.ts";
import type { LinkProblem } from "../../device-link/link-problem.ts";
import type { LinkAccount } from "../../device-link/messages.ts";
import { openAdapter } from "../../device-link/open-adapter.ts";
import { memoryLink } from "../../device-link/testing/memory-link.ts";
import { testHarness } from "../../device-link/testing/link-profile.ts";
import { iosDevice } from "../../ios/ios-device.ts";
import { iosNumbers } from "../../ios/ios-numbers.ts";
import type { SentCall } from "../../sip/invite-sender.ts";
import type { CallEvent } from "../../sip/outgoing-call.ts";
import type { Media } from "../../sip/sdp.ts";
import { clientStand } from "../../sip/testing/client-stand.ts";
import { testCertificates } from "../../sip/testing/test-certificate.ts";
import { waiter, type Waiter } from "../../sip/testing/call-kit.ts";
import { appAdapter } from "./adapter.ts";
import type { ClientOptions } from "./client-options.ts";

let certificates: Awaited<ReturnType<typeof testCertificates>>;
beforeAll(async () => {
  certificates = await testCertificates();
});

type PhoneEvent = IosEvent | AndroidEvent;

interface Stage {
  readonly platform: Platform;
  readonly events: Waiter<PhoneEvent>;
  readonly sip: Waiter<CallEvent>;
  readonly problems: readonly LinkProblem[];
  readonly faults: readonly string[];
  /** Every SIP message of the app's, start line first. */
  readonly sent: () => readonly string[];
  readonly device: ReturnType<typeof iosDevice> | ReturnType<typeof androidDevice>;
  readonly account: LinkAccount;
  push(): void;
  /** INVITE to the newest binding. */
  call(how?: { readonly media?: Media; readonly delayedOffer?: boolean; readonly video?: boolean }): SentCall;
  answer(): void;
  decline(): void;
  hangUp(): void;
  /** The notice of another network; the old flow leads on. */
  changesNetwork(): void;
  bindings(): number;
  see(kind: PhoneEvent["kind"], match?: (event: PhoneEvent) => boolean): Promise<PhoneEvent>;
  hear(kind: CallEvent["kind"]): Promise<CallEvent>;
  registration(nth: number): Promise<void>;
}

/** One simulated phone with the reference client on it, RingTrue's SIP server, and a user. */
async function stage(
  platform: Platform,
  transport: Transport,
  {
    app = {},
    digest = true,
    conditions = {},
  }: {
    readonly app?: Partial<ClientOptions>;
    readonly digest?: boolean;
    readonly conditions?: { readonly doNotDisturb?: boolean };
  } = {},
): Promise<Stage> {
  const events = waiter<PhoneEvent>("phone event");
  const sip = waiter<CallEvent>("call event");
  const problems: LinkProblem[] = [];
  const password = "secret";
  const stand = await clientStand(transport, {
    accountOf: (user) => ({ aor: `sip:${user}@example.test`, username: user, ...(digest ? { password } : {}) }),
    ...(transport === "tls" ? { certificate: certificates.own } : {}),
  });
  const link = memoryLink((text) => queueMicrotask(() => adapter.receive(text)));
  const adapter = appAdapter(
    {
      answerFulfil: "connected",
      telecom: "self-managed",
      inviteWaitMs: 400,
      fault: "none",
      ca: certificates.caPem,
      ...app,
    },
    (text) => queueMicrotask(() => link.say(text)),
  );
  const clock = liveClock();
  const opened = await openAdapter({
    link: link.link,
    clock,
    harness: testHarness,
    profile: rfc8599,
    onProblem: (problem) => problems.push(problem),
  });
  const { host, port } = stand.listener.address;
  const account = {
    aor: "sip:alice@example.test",
    username: "alice",
    password,
    displayName: "Alice",
    registrar: { transport, host, port, domain: "example.test" },
  };
  const ios = iosDevice({
    clock,
    numbers: iosNumbers({ coldStartMs: 10, audioActivationMs: 10 }),
    token: "abcdef01",
    account,
    push: { provider: "apns", param: "TEAM.app.voip" },
    conditions,
    emit: events.push,
  });
  const android = androidDevice({
    clock,
    numbers: androidNumbers({ coldStartMs: 10 }),
    telecom: app.telecom ?? "self-managed",
    token: "token:1",
    account,
    push: { provider: "fcm", param: "project" },
    emit: events.push,
  });
  const device = platform === "ios" ? ios : android;
  const line = await opened.lease({ device: "phone-1", platform, system: device.system });
  if (line === undefined) throw new TypeError("The link has ended.");
  device.plugIn(line);
  onTestFinished(async () => {
    await line.release();
    ios.close();
    android.close();
    adapter.close();
  });

  const callUUID = randomUUID();
  const callId = `${randomUUID()}@caller`;
  let pushes = 0;
  const own: Stage = {
    platform,
    events,
    sip,
    problems,
    faults: stand.faults,
    sent: () =>
      stand.wire.all.filter(({ direction }) => direction === "in").map(({ bytes }) => Buffer.from(bytes).toString()),
    device,
    account,
    push() {
      pushes += 1;
      const payload = { callUUID, callId, handle: "+15551234", callerName: "Bob", hasVideo: "false" };
      if (platform === "ios") ios.deliver({ id: `push-${pushes}`, payload: { ...payload, hasVideo: false } });
      else
        android.deliver({
          messageId: `push-${pushes}`,
          token: android.token(),
          data: payload,
          priority: "high",
          sentTimeMs: Date.now(),
          ttlMs: 60_000,
        });
    },
    call(how = {}) {
      const binding = stand.server.registrar.bindings(account.aor).at(-1);
      if (binding === undefined) throw new TypeError("Nobody is registered.");
      return stand.server.invite({
        binding,
        aor: account.aor,
        caller: { uri: "sip:+15551234@example.test", displayName: "Bob" },
        callId,
        onEvent: sip.push,
        ...how,
      });
    },
    answer: () => void (platform === "ios" ? ios.user.answer(ios.calls()[0]?.callUUID ?? "") : android.user.answer()),
    decline: () =>
      void (platform === "ios" ? ios.user.decline(ios.calls()[0]?.callUUID ?? "") : android.user.decline()),
    hangUp: () => void (platform === "ios" ? ios.user.hangUp(ios.calls()[0]?.callUUID ?? "") : android.user.hangUp()),
    changesNetwork: () =>
      platform === "ios" ? ios.changeNetwork(true, "cellular") : android.setNetwork(true, "cellular"),
    bindings: () => stand.server.registrar.bindings(account.aor).length,
    see: (kind, match = () => true) => events.find((event) => event.kind === kind && match(event), 4000),
    hear: (kind) => sip.find((event) => event.kind === kind, 4000),
    async registration(nth) {
      await stand.registered.find(() => stand.registered.all.length >= nth, 4000);
    },
  };
  device.foreground();
  await own.registration(1);
  return own;
}

/** Where a call shows that it is over. */
const over = (platform: Platform) => (platform === "ios" ? "call.ended" : "connection.destroyed");
const isOver = (event: PhoneEvent): boolean =>
  event.kind === "call.ended" || (event.kind === "connection.state" && event.state === "DISCONNECTED");
function whyOver(event: PhoneEvent): string | undefined {
  if (event.kind === "call.ended") return event.why;
  return event.kind === "connection.state" ? event.disconnectCause : undefined;
}
const kinds = ({ events }: Stage): readonly string[] => events.all.map(({ kind }) => kind);

const platforms = ["ios", "android"] as const;

describe.each(platforms)("on %s", (platform) => {
  test.each(["udp", "tcp", "tls", "ws"] as const)(
    "a killed app is woken by a push and answers over %s",
    async (transport) => {
      const own = await stage(platform, transport);
      own.device.terminate("out of memory");
      own.push();
      await own.see("ringing.shown");
      await own.registration(2);
      own.answer();
      const call = own.call();
      await own.hear("answered");
      await own.see("media.started");
      const order = kinds(own);
      expect(order.indexOf("ringing.shown")).toBeLessThan(order.indexOf("media.started"));
      call.bye();
      await own.see(over(platform));
      await own.see("media.stopped");
      expect(own.problems).toEqual([]);
      expect(own.faults).toEqual([]);
      expect(own.bindings()).toBe(1);
    },
  );

  test("an INVITE that comes first rings, and its push makes no second call", async () => {
    const own = await stage(platform, "tcp");
    const call = own.call();
    await own.see("ringing.shown");
    await own.hear("ringing");
    own.push();
    await own.registration(2);
    own.answer();
    await own.hear("answered");
    await own.see("media.started");
    expect(kinds(own).filter((kind) => kind === "ringing.shown")).toHaveLength(1);
    own.hangUp();
    await own.hear("bye-received");
    await own.see(over(platform));
    call.dispose();
    expect(own.problems).toEqual([]);
  });

  test.each(["udp", "tcp"] as const)(
    "a hang-up in the moment of another network is told over %s there",
    async (transport) => {
      const own = await stage(platform, transport);
      const call = own.call();
      await own.see("ringing.shown");
      own.answer();
      await own.hear("answered");
      await own.see("media.started");
      own.changesNetwork();
      own.hangUp();
      await own.hear("bye-received");
      await own.see(over(platform));
      call.dispose();
      expect(own.problems).toEqual([]);
    },
  );

  test.each([
    { form: "plain", why: { ios: "remoteEnded", android: "MISSED" } },
    { form: "answered-elsewhere", why: { ios: "answeredElsewhere", android: "ANSWERED_ELSEWHERE" } },
    { form: "declined-elsewhere", why: { ios: "declinedElsewhere", android: "REJECTED" } },
  ] as const)("a CANCEL ($form) stops the ringing and says why", async ({ form, why }) => {
    const own = await stage(platform, "udp");
    own.push();
    await own.registration(2);
    const call = own.call();
    await own.hear("ringing");
    await own.see("ringing.shown");
    call.cancel(form);
    const rejected = await own.hear("rejected");
    expect(rejected).toMatchObject({ status: 487 });
    expect(whyOver(await own.see(platform === "ios" ? "call.ended" : "connection.state", isOver))).toBe(why[platform]);
    expect(own.problems).toEqual([]);
  });

  test("a decline before the INVITE is told when it comes", async () => {
    const own = await stage(platform, "udp");
    own.push();
    await own.see("ringing.shown");
    await own.registration(2);
    own.decline();
    await own.see(over(platform));
    own.call();
    expect(await own.hear("rejected")).toMatchObject({ status: 603 });
    expect(kinds(own).filter((kind) => kind === "ringing.shown")).toHaveLength(1);
  });

  test("a push without an INVITE rings for its time and no longer", async () => {
    const own = await stage(platform, "udp");
    own.push();
    await own.see("ringing.shown");
    const startMs = Date.now();
    const ended = await own.see(platform === "ios" ? "call.ended" : "connection.state", isOver);
    expect(Date.now() - startMs).toBeGreaterThan(300);
    expect(whyOver(ended)).toBe(platform === "ios" ? "unanswered" : "MISSED");
    own.call();
    expect(await own.hear("rejected")).toMatchObject({ status: 480 });
  });

  test("a new token replaces the binding of the old one", async () => {
    const own = await stage(platform, "udp");
    own.device.rotateToken("ffff02");
    await own.registration(3);
    expect(own.bindings()).toBe(1);
    const registers = own.sent().filter((text) => text.startsWith("REGISTER"));
    const removal = registers.find((text) => text.includes("expires=0"));
    expect(removal).not.toContain("pn-prid");
    expect(registers.some((text) => text.includes("pn-prid=ffff02"))).toBe(true);
  });

  test("a log-out removes the binding without the token, and a log-in registers again", async () => {
    const own = await stage(platform, "tcp");
    own.device.changeAccount(null);
    await own.registration(2);
    expect(own.bindings()).toBe(0);
    const last =
      own
        .sent()
        .filter((text) => text.startsWith("REGISTER"))
        .at(-1) ?? "";
    expect(last).not.toContain("pn-prid");
    expect(last).toContain("pn-param");
    own.device.changeAccount(own.account);
    await own.registration(3);
    expect(own.bindings()).toBe(1);
  });

  test("a suspended app reads nothing until its push wakes it", async () => {
    const own = await stage(platform, "tcp");
    own.device.suspend();
    await own.see("app.suspended");
    const call = own.call();
    own.push();
    await own.see("ringing.shown");
    await own.hear("ringing");
    own.answer();
    await own.hear("answered");
    call.bye();
    await own.see(over(platform));
    expect(kinds(own)).not.toContain("app.ran-while-suspended");
    expect(kinds(own).filter((kind) => kind === "ringing.shown")).toHaveLength(1);
  });

  test.each(["srtp", "webrtc"] as const)(
    "an offer of %s is answered in kind, also again in a re-INVITE",
    async (media) => {
      const own = await stage(platform, "ws");
      const call = own.call({ media, video: true });
      await own.see("ringing.shown");
      own.answer();
      const answered = await own.hear("answered");
      const body = "response" in answered ? Buffer.from(answered.response.body).toString() : "";
      expect(body).toContain(media === "srtp" ? "a=crypto:1 " : "a=fingerprint:sha-256 ");
      expect(body.match(/^m=/gm)).toHaveLength(2);
      call.reinvite({ hold: true });
      const again = await own.hear("response-received");
      expect("response" in again && Buffer.from(again.response.body).toString()).toContain("a=recvonly");
      call.bye();
      await own.see(over(platform));
      expect(own.faults).toEqual([]);
    },
  );
});

test("an iPhone that is not to be disturbed rejects the INVITE without a sound", async () => {
  const own = await stage("ios", "udp", { conditions: { doNotDisturb: true } });
  own.push();
  await own.see("call.refused");
  await own.registration(2);
  own.call();
  expect(await own.hear("rejected")).toMatchObject({ status: 486 });
  expect(kinds(own)).not.toContain("ringing.shown");
});

test.each(["core", "none"] as const)(
  "an Android app without a ConnectionService (%s) plays a call",
  async (telecom) => {
    const own = await stage("android", "udp", { app: { telecom } });
    own.push();
    await own.see("ringing.shown");
    await own.registration(2);
    own.answer();
    const call = own.call({ delayedOffer: true });
    await own.hear("answered");
    await own.see("media.started");
    await own.see("service.started");
    call.bye();
    await own.see("notification.cancelled");
    await own.see("service.stopped");
    expect(own.problems).toEqual([]);
  },
);

test("a client of the kind at-once fulfils before the INVITE came, and reports a failed connection", async () => {
  const own = await stage("ios", "udp", { app: { answerFulfil: "at-once" } });
  own.push();
  await own.see("ringing.shown");
  own.answer();
  await own.see("call.connected");
  expect(await own.see("call.ended")).toMatchObject({ why: "failed" });
  expect(kinds(own)).not.toContain("media.started");
});

test("nothing but REGISTER carries the push fields", async () => {
  const own = await stage("ios", "tcp");
  own.push();
  await own.registration(2);
  const call = own.call();
  await own.see("ringing.shown");
  own.answer();
  await own.hear("answered");
  call.options();
  await own.hear("response-received");
  own.hangUp();
  await own.hear("bye-received");
  for (const text of own.sent()) {
    expect(text.startsWith("REGISTER")).toBe(text.includes("pn-"));
  }
});
