import { describe, expect, onTestFinished, test } from "vitest";
import { expires, header, headerValues } from "../../harness/wire/headers.ts";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import type { SipResponse } from "../../harness/wire/sip-message.ts";
import type { RegisterAnswer } from "./registrar.ts";
import type { RegisterOutcome } from "./registration.ts";
import { type ClientStand, clientStand } from "./testing/client-stand.ts";
import type { BenchPhone } from "./testing/call-kit.ts";
import { ownMistakes } from "./testing/own-wire.ts";

const AOR = "sip:bob@example.test";
const PASSWORD = "secret";
const accountOf = (user: string) =>
  user === "bob" ? { aor: AOR, username: "bob@acme", password: PASSWORD } : undefined;

let stand: ClientStand;

async function phoneAt(
  options: Parameters<typeof clientStand>[1] = {},
  credentials = { username: "bob@acme", password: PASSWORD },
  user = "bob",
): Promise<BenchPhone> {
  const ours = await clientStand("tcp", options);
  stand = ours;
  onTestFinished(() => {
    expect(ours.faults).toEqual([]);
    expect(ownMistakes(ours.wire.all)).toEqual([]);
  });
  const phone = stand.phones.phone(user, { credentials });
  phone.connect(await stand.phones.open("tcp", stand.listener.address));
  return phone;
}

function answered(outcome: RegisterOutcome): SipResponse {
  if (outcome.kind !== "response") throw new Error(outcome.kind);
  return outcome.response;
}

/** What the registrar said, in order. */
function said(): string[] {
  return stand.wire.all.flatMap(({ direction, bytes }) => {
    const message = parseMessage(bytes);
    if (direction === "in" || message.kind !== "response") return [];
    const challenge = header(message, "www-authenticate");
    return [`${message.status}${challenge?.includes("stale=true") === true ? " stale" : ""}`];
  });
}

describe("the registrar", () => {
  test("lists every binding with the time it has, and says what it supports", async () => {
    const phone = await phoneAt();
    const contactParams = ";pn-provider=apns;pn-param=T.x;pn-prid=tok";
    const ok = answered(await phone.register({ expiresS: 600, instance: "urn:uuid:1", contactParams }));
    expect(headerValues(ok, "contact")).toEqual([
      `<${phone.contact()}${contactParams}>;+sip.instance="<urn:uuid:1>";reg-id=1;expires=600`,
    ]);
    expect(headerValues(ok, "require")).toEqual(["outbound"]);
    expect(header(ok, "feature-caps")).toBe('*;+sip.pns="apns"');
    expect(stand.registered.all[0]?.added.map(({ flow, push }) => [flow, push])).toEqual([
      [stand.flows.all[0]?.flow, { provider: "apns", param: "T.x", token: "tok" }],
    ]);
    const gone = answered(await phone.unregister({ instance: "urn:uuid:1" }));
    expect(headerValues(gone, "contact")).toEqual([]);
    expect(stand.registered.all[1]?.removed).toHaveLength(1);
    expect(stand.server.registrar.bindings(AOR)).toEqual([]);
  });

  test("reads the token where the profile puts it", async () => {
    const registration = {
      contactParams: { "app-id": "ios:<param>" },
      header: { name: "X-Push", value: "<provider>/<token>" },
    };
    const phone = await phoneAt({ registration });
    const header = { name: "X-Push", value: "apns/tok:en" };
    await phone.register({ expiresS: 60, contactParams: ";app-id=ios:T.x", header });
    expect(stand.server.registrar.bindings(AOR)[0]?.push).toEqual({ param: "T.x", provider: "apns", token: "tok:en" });
  });

  test("challenges once, and lets nobody in with another name, password or domain", async () => {
    const phone = await phoneAt({ accountOf });
    expect(answered(await phone.register({ expiresS: 60 })).status).toBe(200);
    expect(said()).toEqual(["401", "200"]);
    for (const wrong of [
      { username: "bob@acme", password: "guess" },
      { username: "bob", password: PASSWORD },
    ]) {
      const stranger = await phoneAt({ accountOf }, wrong);
      expect(answered(await stranger.register({ expiresS: 60 })).status).toBe(401);
      expect(said()).toEqual(["401", "401"]);
      expect(stand.server.registrar.bindings(AOR)).toEqual([]);
    }
    const nobody = await phoneAt({ accountOf }, undefined, "eve");
    expect(answered(await nobody.register({ expiresS: 60 })).status).toBe(404);
  });

  test("asks again for a nonce that is too old, and says that the password was right", async () => {
    let nowMs = 0;
    const clock = { epochMs: 0, now: () => (nowMs += 1_000), after: () => () => {} };
    const phone = await phoneAt({ accountOf, clock, nonceLifeMs: 500 });
    // Every nonce is too old here, and the phone tries a stale one once more.
    expect(answered(await phone.register({ expiresS: 60 })).status).toBe(401);
    expect(said()).toEqual(["401", "401 stale", "401 stale"]);
  });

  test.each<[string, RegisterAnswer, string]>([
    ["refused", { kind: "reject", status: 403 }, "response 403"],
    ["put off", { kind: "reject", status: 503, headers: [["Retry-After", "5"]] }, "response 503"],
    ["dropped", { kind: "drop" }, "flow-closed"],
  ])("may have a REGISTER %s", async (_, answer, outcome) => {
    const phone = await phoneAt({ answer: () => answer });
    const end = await phone.register({ expiresS: 60 });
    expect(end.kind === "response" ? `response ${end.status}` : end.kind).toBe(outcome);
    expect(stand.server.registrar.bindings(AOR)).toEqual([]);
  });

  test("may grant less than was asked for", async () => {
    const phone = await phoneAt({ answer: () => ({ kind: "accept", grantS: 7 }) });
    const ok = answered(await phone.register({ expiresS: 600 }));
    expect(headerValues(ok, "contact")[0]).toMatch(/;expires=7$/);
    expect(expires(ok)).toBeUndefined();
  });

  test("binds nothing while its answer is held back, or when none is given", async () => {
    let letGo: (answer: RegisterAnswer) => void = () => {};
    const phone = await phoneAt({ answer: () => new Promise((resolve) => (letGo = resolve)) });
    const outcome = phone.register({ expiresS: 60 });
    await stand.wire.find((seen) => seen.direction === "in");
    expect(stand.server.registrar.bindings(AOR)).toEqual([]);
    letGo({ kind: "accept" });
    expect(answered(await outcome).status).toBe(200);
    expect(stand.server.registrar.bindings(AOR)).toHaveLength(1);
    void phone.unregister();
    await stand.wire.find(() => stand.wire.all.filter(({ direction }) => direction === "in").length === 2);
    letGo({ kind: "silence" });
    await stand.events.find((event) => event.kind === "silenced");
    expect(said()).toEqual(["200"]);
    expect(stand.server.registrar.bindings(AOR)).toHaveLength(1);
  });
});
