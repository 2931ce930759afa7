import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { parsePlan } from "./parse-plan.ts";
import {
  answers,
  callerHangsUp,
  deliveredAtOnce,
  loses,
  on,
  places,
  refused,
  streamReset,
  unregistered,
  wakes,
} from "./plan-parts.ts";
import type { Plan } from "./plan.ts";

const plan: Plan = {
  scenario: "test",
  role: "server",
  transport: "udp",
  phones: [
    { platform: "ios", account: 1, app: "suspended", signalling: "closed", pushes: [deliveredAtOnce, streamReset] },
    { platform: "ios", account: 2, app: "killed", signalling: "silent", pushes: [refused(429, "TooManyRequests")] },
    {
      platform: "android",
      account: 3,
      app: "killed",
      signalling: "closed",
      android: { doze: true, deprioritised: false },
      pushes: [refused(429, "QUOTA_EXCEEDED", 60)],
    },
  ],
  calls: [{ caller: { name: "Alice", number: "1" }, callee: 1, video: false }],
  steps: [
    places("call:1"),
    wakes("phone:1"),
    answers("phone:1", "call:1"),
    callerHangsUp("call:1", { any: [on("call.answered", "call:1"), on("sent.180", "phone:1", 2)] }, 100),
    loses({ at: "call:1", direction: "sent", method: "INVITE", status: 200 }),
  ],
};

/** The plan with one member, named by its path, replaced (or, for undefined, taken away). */
function withChange(path: string, value: unknown): unknown {
  const copy: unknown = structuredClone(plan);
  const keys = path.split(".");
  let at = copy as Record<string, unknown>;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  if (value === undefined) delete at[keys.at(-1)!];
  else at[keys.at(-1)!] = value;
  return copy;
}

function complaintAbout(input: unknown): string {
  try {
    parsePlan(input, "plan.json");
    return "none: the plan was taken";
  } catch (error) {
    return error instanceof UsageError ? error.message : `no UsageError: ${String(error)}`;
  }
}

describe("parsePlan", () => {
  test("gives back a plan that went through JSON as it was", () => {
    expect(parsePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });

  test.each([
    ["transport", "sctp", "plan.json: transport: "],
    ["phones.0.signalling", "asleep", "plan.json: phones[0].signalling: "],
    ["phones.0.pushes.0.answer.kind", "maybe", "plan.json: phones[0].pushes[0].answer"],
    ["phones", [], "plan.json: phones: "],
    ["calls.0.video", undefined, "plan.json: calls[0].video: "],
    ["phones.2.android.doze", "deep", "plan.json: phones[2].android.doze: "],
    ["phones.2.pushes.0.answer.retryAfterS", 1.5, "plan.json: phones[2].pushes[0].answer.retryAfterS: "],
    ["calls.0.colour", "red", "plan.json: calls[0]: "],
    ["steps.0.delayMs", -1, "plan.json: steps[0].delayMs: "],
    ["steps.0.after.on", "call.paced", "plan.json: steps[0].after.on: "],
    ["steps.3.after.any.1.nth", 0, "plan.json: steps[3].after.any[1].nth: "],
    ["steps.0.after", { all: [] }, "plan.json: steps[0].after.all: "],
    ["steps.1.do.phone", "phone:0", "plan.json: steps[1].do.phone: "],
    ["steps.1.do.kind", "phone.sleep", "plan.json: steps[1].do.kind: "],
  ])("names the field %s when it is wrong", (path, value, complaint) => {
    expect(complaintAbout(withChange(path, value))).toContain(complaint);
  });

  test("refuses what is no plan at all", () => {
    expect(complaintAbout("plan")).toBe("plan.json: the plan: Invalid input: expected object, received string");
  });

  test.each([
    ["steps.1.do.phone", "phone:4", "steps[1].do.phone: there is no phone:4: the plan has 3 phones"],
    ["steps.1.after.of", "phone:4", "steps[1].after.of: there is no phone:4: the plan has 3 phones"],
    ["steps.0.do.call", "call:2", "steps[0].do.call: there is no call:2: the plan has 1 call"],
    ["steps.4.do.match.at", "call:9", "steps[4].do.match.at: there is no call:9: the plan has 1 call"],
    ["steps.2.do.phone", "phone:2", "steps[2].do: call:1 is not for the account of phone:2"],
    ["steps.3.after.any.0.of", "phone:1", "steps[3].after.any[0].of: call.answered is never of a phone: name a call"],
    ["steps.1.after", on("phone.registered", "call:1"), "steps[1].after.of: phone.registered is never of a call"],
    ["calls.0.callee", 7, "calls[0].callee: no phone of the plan has account 7"],
  ])("refuses a reference that points nowhere: %s", (path, value, complaint) => {
    expect(complaintAbout(withChange(path, value))).toContain(complaint);
  });

  test.each([
    ["phones.0.android", { doze: true, deprioritised: false }, "phones[0].android: only an Android phone has it"],
    [
      "phones.0.pushes.0",
      refused(503, "Shutdown", 1),
      "phones[0].pushes[0].answer.retryAfterS: the push service of ios",
    ],
    [
      "phones.2.pushes.0",
      unregistered("before-registration"),
      "phones[2].pushes[0].answer.unregistered: the push service of android",
    ],
  ])("refuses what the platform of a phone does not know: %s", (path, value, complaint) => {
    expect(complaintAbout(withChange(path, value))).toContain(complaint);
  });
});
