import { describe, expect, test } from "vitest";
import { logoutDeregisters } from "./logout-deregisters.ts";
import { app, phone } from "./testing/app-ladder.ts";

function loggedOut() {
  const t = app();
  const { request } = t.asks(phone, "account.changed", { account: null });
  return { t, told: request };
}

describe("sip/logout-deregisters", () => {
  test("passes where the binding is removed", () => {
    const { t, told } = loggedOut();
    const { request } = t.registers(phone, { expires: 0 });
    expect(logoutDeregisters.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [told.seq, request.seq] });
  });

  test("fails where it stays", () => {
    const { t, told } = loggedOut();
    expect(logoutDeregisters.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "still-registered",
      evidence: [told.seq],
    });
  });

  test("asks nothing where the registrar refuses, the app is offline, or nobody was registered", () => {
    const refused = loggedOut().t;
    refused.registers(phone, { expires: 0, status: 503 });
    expect(logoutDeregisters.judge(refused.finished())).toEqual({ kind: "not-exercised" });
    const offline = app();
    offline.asks(phone, "network.changed", { reachable: false });
    offline.asks(phone, "account.changed", { account: null });
    expect(logoutDeregisters.judge(offline.finished())).toEqual({ kind: "not-exercised" });
    const nobody = app({ registered: false });
    nobody.launches(phone);
    nobody.asks(phone, "account.changed", { account: null });
    expect(logoutDeregisters.judge(nobody.finished())).toEqual({ kind: "not-exercised" });
  });

  test("is inconclusive where the case was cut short", () => {
    expect(logoutDeregisters.judge(loggedOut().t.capped()).kind).toBe("inconclusive");
  });
});
