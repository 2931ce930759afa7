import { expect, test } from "vitest";
import { testFacts } from "../judge/testing/default-facts.ts";
import { testPlan } from "../judge/testing/test-plan.ts";
import { unmetNeeds } from "./plan-needs.ts";
import { on, places, pushes } from "./plan-parts.ts";
import type { Step } from "./plan.ts";

const { features } = testFacts();

function calledTwice(...second: Parameters<typeof places>) {
  const steps: readonly Step[] = [places("call:1"), places(...second)];
  return { ...testPlan({ calls: [{}, {}] }), steps };
}

test("a plan for everything the target declares has no unmet needs", () => {
  const plan = testPlan({ phones: [{}, { platform: "android" }], calls: [{ video: true }], transport: "tcp" });
  expect(unmetNeeds(plan, features)).toEqual([]);
});

test("each feature a plan rests on is named when it is not declared", () => {
  const bare = {
    ...features,
    platforms: ["ios"],
    transports: ["udp"],
    video: false,
    multipleDevices: false,
    concurrentCalls: false,
  } as const;
  const plan = {
    ...testPlan({
      transport: "tcp",
      phones: [{ platform: "android", signalling: "expired" }, { signalling: "half-dead" }],
      calls: [{ video: true }, {}],
    }),
    steps: [places("call:1"), places("call:2")],
  };
  expect(unmetNeeds(plan, bare)).toEqual([
    "transport tcp",
    "platform android",
    "video",
    "multipleDevices",
    "concurrentCalls",
    "minExpiresS",
    "deadFlowDetectionMs",
  ]);
});

test("a call placed after the end of another needs no concurrent calls", () => {
  const one = { ...features, concurrentCalls: false };
  expect(unmetNeeds(calledTwice("call:2", on("call.rejected", "call:1")), one)).toEqual([]);
  expect(unmetNeeds(calledTwice("call:2", on("call.placed", "call:1")), one)).toEqual(["concurrentCalls"]);
});

test("a client needs concurrent calls when a phone gets a second one, by push or INVITE, before the end of the first", () => {
  const one = { ...features, concurrentCalls: false };
  const needs = (...steps: readonly Step[]) =>
    unmetNeeds({ ...testPlan({ calls: [{}, {}] }), role: "client", steps }, one);
  const first = [pushes("phone:1", "call:1"), places("call:1", on("phone.registered", "phone:1"))];
  expect(needs(...first)).toEqual([]);
  expect(needs(...first, pushes("phone:1", "call:2"))).toEqual(["concurrentCalls"]);
  expect(needs(...first, places("call:2", on("call.answered", "call:1")))).toEqual(["concurrentCalls"]);
  const second = places("call:2", on("push.delivered", "call:2"));
  expect(needs(...first, pushes("phone:1", "call:2", on("user.hung-up", "phone:1")), second)).toEqual([]);
});

test("calls of two phones of a client need no concurrent calls", () => {
  const plan = testPlan({ phones: [{}, { account: 2 }], calls: [{}, { callee: 2 }] });
  const steps = [places("call:1"), places("call:2")];
  expect(unmetNeeds({ ...plan, role: "client", steps }, { ...features, concurrentCalls: false })).toEqual([]);
});
