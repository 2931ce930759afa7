import { describe, expect, test } from "vitest";
import type { QualifiedConfig } from "../harness/config/config.ts";
import { isForRole } from "../harness/judge/requirement.ts";
import type { Role } from "../harness/trace/run-facts.ts";
import { requirements, scenarios } from "../scenarios/catalogue.ts";
import { embeddedConfig } from "./embedded-default.ts";
import { selectForRole } from "./select-for-role.ts";

const roles: readonly Role[] = ["server", "client"];

function config(
  role: Role,
  suite: { readonly scenarios?: readonly string[]; readonly requirements?: readonly string[] } = {},
): QualifiedConfig {
  const whole = embeddedConfig(role === "server" ? "holding-proxy" : "connected");
  return { ...whole, suite: { ...whole.suite, ...suite } };
}

function idsOf(list: readonly { readonly id: string }[] | undefined): readonly string[] {
  return (list ?? []).map(({ id }) => id);
}

describe.each(roles)("a run against a %s", (role) => {
  test("plays and judges all that is for it and need not be named, and is whole", () => {
    const chosen = selectForRole(config(role), false);
    const all = scenarios.filter((one) => one.roles.includes(role) && one.byName !== true);
    expect(idsOf(chosen?.scenarios)).toEqual(idsOf(all));
    expect(idsOf(chosen?.requirements)).toEqual(idsOf(requirements.filter((one) => isForRole(one, role))));
    expect(chosen?.partial).toBe(false);
  });

  test("is partial as soon as less is named, and whole where all is", () => {
    const all = idsOf(selectForRole(config(role), false)?.scenarios);
    expect(selectForRole(config(role, { scenarios: all }), false)?.partial).toBe(false);
    expect(selectForRole(config(role, { scenarios: all.slice(1) }), false)?.partial).toBe(true);
    expect(selectForRole(config(role, { requirements: ["sip/well-formed"] }), false)?.partial).toBe(true);
  });

  test("refuses what is for the other role alone, and says so", () => {
    const foreign = requirements.find((one) => !isForRole(one, role))!.id;
    expect(() => selectForRole(config(role, { requirements: [foreign, "sip/well-formed"] }), false)).toThrow(
      `${foreign}: for ${role === "server" ? "client" : "server"} targets, and the target of this run is a ${role}.`,
    );
  });

  test("refuses what nobody knows, whoever else is tested", () => {
    for (const others of [true, false])
      expect(() => selectForRole(config(role, { scenarios: ["caler-hangup"] }), others)).toThrow(
        "Did you mean caller-hangup?",
      );
  });
});

describe("a run against a target of each role", () => {
  test("leaves to the other what is not for it", () => {
    const suite = { requirements: ["apns/topic", "sip/well-formed", "flow/app-survives"] };
    expect(idsOf(selectForRole(config("server", suite), true)?.requirements)).toEqual([
      "apns/topic",
      "sip/well-formed",
    ]);
    expect(idsOf(selectForRole(config("client", suite), true)?.requirements)).toEqual([
      "flow/app-survives",
      "sip/well-formed",
    ]);
  });

  test("passes over the one that nothing is for", () => {
    const suite = { requirements: ["apns/topic"] };
    expect(selectForRole(config("client", suite), true)).toBeUndefined();
    expect(selectForRole(config("server", { scenarios: ["device-link"] }), true)).toBeUndefined();
  });
});

test("the scenario for new adapters is played when it is named, and is part of a suite", () => {
  const chosen = selectForRole(config("client", { scenarios: ["device-link"] }), false);
  expect(idsOf(chosen?.scenarios)).toEqual(["device-link"]);
  expect(chosen?.partial).toBe(true);
});
