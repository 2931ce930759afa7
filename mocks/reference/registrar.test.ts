import { describe, expect, test } from "vitest";
import { plainProfile } from "./profile.ts";
import { createRegistrar, type Registrar } from "./registrar.ts";
import { header, NO_BODY, type SipRequest } from "./sip-message.ts";
import type { Provider } from "./push-service.ts";
import type { Flow } from "./transport.ts";

const flow: Flow = { id: "udp:1", transport: "udp", host: "127.0.0.1", port: 1, open: true, send: () => undefined };
const AOR = "bob@example.test";

function registration(
  contact: string,
  cseq: number,
  more: { readonly expires?: string; readonly callId?: string } = {},
): SipRequest {
  return {
    kind: "request",
    method: "REGISTER",
    uri: "sip:example.test",
    headers: [
      header("Call-ID", more.callId ?? "one"),
      header("CSeq", `${cseq} REGISTER`),
      header("Contact", contact),
      ...(more.expires === undefined ? [] : [header("Expires", more.expires)]),
    ],
    body: NO_BODY,
  };
}

function opened(providers: readonly Provider[] = ["apns", "fcm"]): {
  readonly registrar: Registrar;
  readonly pass: (ms: number) => void;
  readonly places: () => readonly string[];
} {
  let now = 1_000_000;
  const registrar = createRegistrar(plainProfile, providers, "none", () => now);
  return {
    registrar,
    pass: (ms) => {
      now += ms;
    },
    places: () => registrar.bindingsOf(AOR).map((binding) => binding.uri),
  };
}

describe("a registrar", () => {
  test("refreshes a Contact that is equal by the rules of URIs", () => {
    const { registrar, places } = opened();
    registrar.register(AOR, registration("<sip:bob@10.0.0.1:5070;transport=TCP>", 1), flow);
    registrar.register(AOR, registration("<sip:bob@10.0.0.1:5070;transport=tcp;x=1>", 2), flow);
    expect(places()).toEqual(["sip:bob@10.0.0.1:5070;transport=tcp;x=1"]);
  });

  test("keeps phones apart that are at different places, and lists them with their expiry", () => {
    const { registrar, pass } = opened();
    registrar.register(AOR, registration("<sip:bob@10.0.0.1>;expires=60", 1), flow);
    pass(10_000);
    const second = registrar.register(
      AOR,
      registration("<sip:bob@10.0.0.2>", 1, { callId: "two", expires: "100" }),
      flow,
    );
    expect(second.headers.map((field) => field.value)).toEqual([
      "<sip:bob@10.0.0.1>;expires=50",
      "<sip:bob@10.0.0.2>;expires=100",
    ]);
  });

  test("forgets what expired, was removed or was unregistered altogether", () => {
    const { registrar, pass, places } = opened();
    registrar.register(AOR, registration("<sip:bob@10.0.0.1>;expires=60", 1), flow);
    registrar.register(AOR, registration("<sip:bob@10.0.0.2>", 2), flow);
    pass(61_000);
    expect(places()).toEqual(["sip:bob@10.0.0.2"]);
    registrar.register(AOR, registration("<sip:bob@10.0.0.2>;expires=0", 3), flow);
    expect(places()).toEqual([]);
    registrar.register(AOR, registration("<sip:bob@10.0.0.3>", 4), flow);
    expect(registrar.register(AOR, registration("*", 5, { expires: "10" }), flow).status).toBe(400);
    registrar.register(AOR, registration("*", 6, { expires: "0" }), flow);
    expect(places()).toEqual([]);
  });

  test("refuses what is older than what it knows", () => {
    const { registrar, places } = opened();
    registrar.register(AOR, registration("<sip:bob@10.0.0.1>", 5), flow);
    expect(registrar.register(AOR, registration("<sip:bob@10.0.0.1>;expires=0", 4), flow).status).toBe(500);
    expect(places()).toEqual(["sip:bob@10.0.0.1"]);
  });

  test("knows a phone again by its instance or by its token", () => {
    const { registrar, places } = opened();
    registrar.register(AOR, registration('<sip:bob@10.0.0.1>;+sip.instance="<urn:uuid:1>";reg-id=1', 1), flow);
    registrar.register(AOR, registration('<sip:bob@10.0.0.2>;+sip.instance="<urn:uuid:1>";reg-id=1', 2), flow);
    expect(places()).toEqual(["sip:bob@10.0.0.2"]);
    registrar.register(AOR, registration("<sip:bob@10.0.0.3;pn-provider=apns;pn-prid=aa>", 3), flow);
    const { bound } = registrar.register(AOR, registration("<sip:bob@10.0.0.4;pn-provider=apns;pn-prid=aa>", 4), flow);
    expect(places()).toEqual(["sip:bob@10.0.0.2", "sip:bob@10.0.0.4;pn-provider=apns;pn-prid=aa"]);
    expect(bound[0]?.binding.token).toBe("aa");
  });

  test("puts a new token in the place of an old one, also when one REGISTER removes and adds", () => {
    const { registrar } = opened();
    registrar.register(AOR, registration("<sip:bob@10.0.0.1;pn-provider=apns;pn-prid=old>", 1), flow);
    registrar.register(
      AOR,
      registration("<sip:bob@10.0.0.1;pn-provider=apns;pn-prid=new>, <sip:bob@10.0.0.1;pn-provider=apns>;expires=0", 2),
      flow,
    );
    registrar.register(AOR, registration("<sip:bob@10.0.0.1;pn-provider=apns;pn-prid=old>;expires=0", 3), flow);
    expect(registrar.bindingsOf(AOR).map((binding) => binding.token)).toEqual(["new"]);
  });

  test("knows which service a token is of, and says which it serves", () => {
    const { registrar } = opened();
    const caps = (contact: string, cseq: number): readonly string[] =>
      registrar
        .register(AOR, registration(contact, cseq), flow)
        .headers.filter(({ name }) => name === "feature-caps")
        .map(({ value }) => value);
    expect(caps("<sip:bob@10.0.0.1;pn-provider=FCM;pn-prid=aa>", 1)).toEqual(['*;+sip.pns="fcm"']);
    expect(registrar.bindingsOf(AOR)[0]).toMatchObject({ token: "aa", provider: "fcm" });
    expect(caps("<sip:bob@10.0.0.2;pn-provider>", 2)).toEqual(['*;+sip.pns="apns"', '*;+sip.pns="fcm"']);
    expect(caps("<sip:bob@10.0.0.3>", 3)).toEqual([]);
  });

  test.each(["webpush", "fcm"])("refuses the push service %s where it has no access to it", (provider) => {
    const { registrar } = opened(["apns"]);
    const contact = `<sip:bob@10.0.0.1;pn-provider=${provider};pn-prid=x>`;
    expect(registrar.register(AOR, registration(contact, 1), flow).status).toBe(555);
  });
});
