import { afterEach, beforeEach, expect, test } from "vitest";
import { liveClock } from "../../harness/clock/clock.ts";
import { testFacts } from "../../harness/judge/testing/default-facts.ts";
import { testPlan } from "../../harness/judge/testing/test-plan.ts";
import { eventsOf } from "../../harness/trace/query.ts";
import { traceRecorder } from "../../harness/trace/recorder.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import { header } from "../../harness/wire/headers.ts";
import { answerTo, scriptedTarget, type ScriptedTarget } from "../sip/testing/scripted-target.ts";
import { attribution, type CasePort } from "./attribution.ts";
import { callDirectory } from "./call-directory.ts";
import type { CaseContext } from "./case-context.ts";
import { caseRecorder } from "./case-recorder.ts";
import { makePersonas } from "./identities.ts";
import { pendingTimers } from "./pending-timers.ts";
import { phoneSignalling, type PhoneSignalling } from "./phone-signalling.ts";

const clock = liveClock();
const recorder = caseRecorder(traceRecorder({ clock, lagMs: () => 0 }));
let target: ScriptedTarget;
let signalling: PhoneSignalling;

beforeEach(async () => {
  target = await scriptedTarget();
  const plan = testPlan({ phones: [{ platform: "android" }] });
  const facts = testFacts();
  const personas = makePersonas(plan, { caseId: "case", attempt: 1, nonce: "n" }, facts);
  const context: CaseContext = {
    plan,
    facts,
    clock,
    port: { caseId: "case", nonce: "n" } as CasePort,
    recorder,
    timers: pendingTimers(clock, () => {}),
    directory: callDirectory(plan, personas, facts.profile),
    attribution: attribution(),
    targetOn: () => target.address,
    bind: "127.0.0.1",
    fault: (message) => expect.unreachable(message),
    changed: () => {},
  };
  signalling = phoneSignalling(context, personas.phones[0]!, () => {});
});

afterEach(async () => {
  await signalling.dispose();
  await target.close();
});

test("a phone that is woken twice in one instant registers twice over one new socket", async () => {
  const woken = Promise.all([signalling.refresh("the-token", false), signalling.refresh("the-token", false)]);
  const contacts: (string | undefined)[] = [];
  for (const _ of [1, 2]) {
    const register = await target.nextRequest("REGISTER");
    contacts.push(header(register, "contact"));
    target.write(answerTo(register, "200 OK", { extra: [`Contact: ${header(register, "contact")};expires=600`] }));
  }
  await woken;
  expect(eventsOf({ events: recorder.events() } as Trace, "flow.opened")).toHaveLength(1);
  expect(new Set(contacts).size).toBe(1);
  expect(contacts[0]).toContain(";pn-provider=fcm;pn-param=test-project;pn-prid=the-token");
});
