import { expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import { header } from "../../harness/wire/headers.ts";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import type { CallEvent } from "./outgoing-call.ts";
import { waiter } from "./testing/call-kit.ts";
import { clientStand } from "./testing/client-stand.ts";

/** What this test uses of sip.js's own types, which need a browser's. */
interface SipJs {
  readonly UserAgent: {
    new (options: object): { start(): Promise<void>; stop(): Promise<void> };
    makeURI(text: string): unknown;
  };
  readonly Registerer: new (userAgent: object, options?: object) => { register(): Promise<unknown> };
}
interface Invitation {
  readonly body: string | undefined;
  readonly delegate: unknown;
  accept(): Promise<void>;
  reject(options: { readonly statusCode: number }): Promise<void>;
}

test("an app built on sip.js registers over WebSocket with digest, rejects a call and answers the next", async () => {
  vi.stubGlobal("WebSocket", WebSocket);
  onTestFinished(() => void vi.unstubAllGlobals());
  // By a name that the compiler does not follow into types it does not have.
  const name: string = "sip.js";
  const { UserAgent, Registerer } = (await import(name)) as SipJs;
  const stand = await clientStand("ws", {
    accountOf: (user) => ({ aor: `sip:${user}@example.test`, username: user, password: "secret" }),
  });
  const { host, port } = stand.listener.address;
  const invitations = waiter<Invitation>("invitation");
  const answer = [
    "v=0",
    "o=app 1 1 IN IP4 127.0.0.1",
    "s=-",
    "c=IN IP4 127.0.0.1",
    "t=0 0",
    "m=audio 9 UDP/TLS/RTP/SAVPF 0",
    "",
  ].join("\r\n");
  const userAgent = new UserAgent({
    uri: UserAgent.makeURI("sip:bob@example.test"),
    authorizationUsername: "bob",
    authorizationPassword: "secret",
    transportOptions: { server: `ws://${host}:${port}/` },
    delegate: { onInvite: (invitation: Invitation) => invitations.push(invitation) },
    logBuiltinEnabled: false,
    sessionDescriptionHandlerFactory: () => ({
      close: () => {},
      hasDescription: (type: string) => type === "application/sdp",
      getDescription: () => Promise.resolve({ body: answer, contentType: "application/sdp" }),
      setDescription: () => Promise.resolve(),
    }),
  });
  await userAgent.start();
  onTestFinished(() => userAgent.stop());
  await new Registerer(userAgent).register();
  await stand.events.find((event) => event.kind === "registered");
  expect(stand.events.all.map(({ kind }) => kind)).toEqual(["challenged", "registered"]);

  const [binding] = stand.server.registrar.bindings("sip:bob@example.test");
  const place = (callId: string) => {
    const events = waiter<CallEvent>("call event");
    const call = stand.server.invite({
      binding: binding!,
      aor: "sip:bob@example.test",
      caller: { uri: "sip:alice@example.test", displayName: "Alice" },
      callId,
      media: "webrtc",
      onEvent: events.push,
    });
    return { call, events };
  };
  const first = place("first");
  await (await invitations.find(() => true)).reject({ statusCode: 486 });
  expect(await first.events.find((event) => event.kind === "rejected")).toMatchObject({ status: 486 });
  const second = place("second");
  await invitations.find(() => invitations.all.length === 2);
  await invitations.all[1]!.accept();
  await second.events.find((event) => event.kind === "answered");
  second.call.bye();
  await stand.wire.find(({ direction, bytes }) => {
    const message = parseMessage(bytes);
    return direction === "in" && message.kind === "response" && header(message, "cseq")?.endsWith("BYE") === true;
  });
  expect(stand.faults).toEqual([]);
});
