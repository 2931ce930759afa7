import { describe, expect, test } from "vitest";
import { UsageError } from "../errors.ts";
import { parsePlan } from "./parse-plan.ts";
import {
  answers,
  asksOptions,
  callerHangsUp,
  changes,
  declines,
  deliveredAtOnce,
  forks,
  isSuspended,
  loses,
  on,
  opensApp,
  places,
  pushes,
  refused,
  registersAgain,
  registrar,
  resetsProvider,
  streamReset,
  swipesAway,
  unregistered,
  userAnswers,
  userDeclines,
  userHolds,
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

const clientPlan: Plan = {
  scenario: "test",
  role: "client",
  transport: "tcp",
  phones: [
    { platform: "ios", account: 1, app: "suspended", signalling: "silent", settings: { audioHeld: true }, pushes: [] },
    {
      platform: "android",
      account: 2,
      app: "killed",
      signalling: "closed",
      android: { doze: true, deprioritised: false },
      settings: { otherCall: "unholdable" },
      pushes: [],
    },
  ],
  calls: [
    { caller: { name: "Alice", number: "1" }, callee: 1, video: false, invite: { delayedOffer: true } },
    { caller: { name: "Bob", number: "2" }, callee: 2, video: true },
  ],
  steps: [
    registrar("phone:1", "hold"),
    pushes("phone:1", "call:1", on("case.started"), 50, { form: "not-obliged" }),
    pushes("phone:2", "call:2", on("case.started"), 50, { priority: "normal" }),
    places("call:1", on("phone.registered", "phone:1")),
    forks("call:1", on("call.placed", "call:1")),
    userAnswers("phone:1", "call:1", 0, on("audio.activated", "phone:1"), { others: "hold" }),
    userDeclines("phone:2", "call:2", 0, on("media.started", "phone:2"), "telecom"),
    asksOptions("call:1", on("call.answered", "call:1")),
    userHolds("phone:1", "call:1", true, on("call.answered", "call:1")),
    callerHangsUp("call:1", on("call.answered", "call:1"), 100, "answered-elsewhere"),
    isSuspended("phone:1"),
    opensApp("phone:2", on("push.delivered", "phone:2")),
    changes("phone:1", { audioHeld: false }),
    resetsProvider("phone:1", on("app.woken", "phone:1")),
    swipesAway("phone:2", on("app.woken", "phone:2")),
  ],
};

/** The plan with one member, named by its path, replaced (or, for undefined, taken away). */
function withChange(path: string, value: unknown, of = plan): unknown {
  const copy: unknown = structuredClone(of);
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
    expect(parsePlan(JSON.parse(JSON.stringify(clientPlan)))).toEqual(clientPlan);
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

  test.each([
    ["steps.0", registrar("phone:1", 403), "steps[0].do.kind: registrar.answer is for plans for client targets alone"],
    ["steps.0", isSuspended("phone:1"), "steps[0].do.kind: phone.suspend is for plans for client targets alone"],
    ["steps.0", pushes("phone:1", "call:1"), "steps[0].do.kind: push.send is for plans for client targets alone"],
    [
      "steps.3",
      callerHangsUp("call:1", on("call.placed", "call:1"), 0, "plain"),
      "steps[3].do.form: caller.hang-up has it in plans for client targets alone",
    ],
    [
      "steps.2",
      userAnswers("phone:1", "call:1", 0, on("ringing.shown"), { others: "end" }),
      "steps[2].do.others: user.answer has it in plans for client targets alone",
    ],
    [
      "steps.1.after",
      on("media.started", "phone:1"),
      "steps[1].after.on: media.started comes in plans for client targets alone",
    ],
    ["phones.0.settings", {}, "phones[0].settings: only a plan for a client target has them"],
    ["calls.0.invite", { reliable: true }, "calls[0].invite: only a plan for a client target has it"],
  ])("refuses in a plan for a server what is for clients alone: %s", (path, value, complaint) => {
    expect(complaintAbout(withChange(path, value))).toBe(`plan.json: ${complaint}`);
  });

  test.each([
    [
      "steps.0",
      registersAgain("phone:1", on("case.started")),
      "steps[0].do.kind: phone.register is for plans for server targets alone",
    ],
    [
      "steps.0",
      declines("phone:1", "call:1", 603),
      "steps[0].do.status: user.decline has it in plans for server targets alone",
    ],
    [
      "steps.3.after",
      { all: [on("phone.registered", "phone:1"), on("push.accepted", "phone:1")] },
      "steps[3].after.all[1].on: push.accepted comes in plans for server targets alone",
    ],
    [
      "phones.0.pushes",
      [deliveredAtOnce],
      "phones[0].pushes: a plan for a client target sends pushes by steps (push.send)",
    ],
    ["phones.0.signalling", "connected", "phones[0].signalling: an app that is suspended is silent, or logged-out"],
    ["phones.1.signalling", "expired", "phones[1].signalling: an app that is killed is closed, or logged-out"],
  ])("refuses in a plan for a client what it cannot be: %s", (path, value, complaint) => {
    expect(complaintAbout(withChange(path, value, clientPlan))).toBe(`plan.json: ${complaint}`);
  });

  test("refuses phones of a client that share an account", () => {
    const called = { ...clientPlan, calls: clientPlan.calls.slice(0, 1), steps: [] };
    expect(complaintAbout(withChange("phones.1.account", 1, called))).toBe(
      "plan.json: phones[1].account: phones[0] has it: phones of a client target share none",
    );
  });

  test("takes a phone of a client plan nobody is logged in on, whatever its app", () => {
    expect(complaintAbout(withChange("phones.0.signalling", "logged-out", clientPlan))).toBe(
      "none: the plan was taken",
    );
  });

  const onIphone = "only Android phones have it, and this one is iOS";
  const onAndroid = "only iPhones have it, and this one is Android";
  test.each([
    ["phones.0.settings", { otherCall: "none" }, `phones[0].settings.otherCall: ${onIphone}`],
    ["phones.1.settings", { doNotDisturb: true }, `phones[1].settings.doNotDisturb: ${onAndroid}`],
    ["steps.12.do.settings", { locked: true }, `steps[12].do.settings.locked: ${onIphone}`],
    [
      "steps.1",
      pushes("phone:1", "call:1", on("case.started"), 0, { priority: "high" }),
      `steps[1].do.priority: ${onIphone}`,
    ],
    [
      "steps.2",
      pushes("phone:2", "call:2", on("case.started"), 0, { form: "not-obliged" }),
      `steps[2].do.form: not-obliged: ${onAndroid}`,
    ],
    ["steps.5.do.through", "notification", `steps[5].do.through: ${onIphone}`],
    [
      "steps.6",
      userAnswers("phone:2", "call:2", 0, on("ringing.shown"), { others: "hold" }),
      `steps[6].do.others: ${onAndroid}`,
    ],
    ["steps.13.do.phone", "phone:2", `steps[13].do.kind: phone.reset-provider: ${onAndroid}`],
    ["steps.14.do.phone", "phone:1", `steps[14].do.kind: phone.remove-task: ${onIphone}`],
  ])("refuses in a plan for a client what the platform does not know: %s", (path, value, complaint) => {
    expect(complaintAbout(withChange(path, value, clientPlan))).toBe(`plan.json: ${complaint}`);
  });
});
