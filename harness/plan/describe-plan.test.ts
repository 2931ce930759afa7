import { expect, test } from "vitest";
import { describePlan } from "./describe-plan.ts";
import {
  answers,
  callerHangsUp,
  deliveredAfter,
  dropped,
  loses,
  on,
  places,
  refused,
  unregistered,
  wakes,
} from "./plan-parts.ts";
import type { Plan } from "./plan.ts";

const plan: Plan = {
  scenario: "test",
  role: "server",
  transport: "udp",
  phones: [
    {
      platform: "ios",
      account: 1,
      app: "killed",
      signalling: "closed",
      pushes: [deliveredAfter(400, 2), unregistered("after-registration"), dropped],
    },
    {
      platform: "android",
      account: 1,
      app: "foreground",
      signalling: "connected",
      android: { doze: true, deprioritised: true },
      pushes: [refused(429, "QUOTA_EXCEEDED", 60)],
    },
  ],
  calls: [
    { caller: { name: 'Bob "the builder"', number: "+15550100" }, callee: 1, video: true },
    { caller: { name: "", number: "0" }, callee: 1, video: false },
  ],
  steps: [
    places("call:1"),
    callerHangsUp("call:1", on("push.accepted", "phone:1"), 800),
    wakes("phone:1"),
    answers("phone:1", "call:1", 0, { all: [on("sent.180", "phone:1"), on("sent.180", "phone:2")] }),
    loses({ at: "phone:1", direction: "received", method: "INVITE" }),
    loses({ at: "call:1", direction: "sent", method: "INVITE", status: 200 }, on("call.placed", "call:1"), 2),
  ],
};

test("a plan reads as a list of sentences, one per phone, call and step", () => {
  expect(describePlan(plan)).toEqual([
    "phone 1 (iOS, account 1, UDP): app killed, its signalling closed; push 1 is accepted and delivered twice after 400 ms; push 2 is answered 410 Unregistered (since after its newest registration); push 3 is accepted and lost",
    "phone 2 (Android, account 1, UDP): app in the foreground, connected, dozing, its app deprioritised; push 1 is answered 429 QUOTA_EXCEEDED (Retry-After 60 s)",
    'call 1: "Bob \\"the builder\\"" at "+15550100" calls account 1 (video)',
    'call 2: somebody without a name at "0" calls account 1 (voice)',
    "as soon as the case started, the caller places call 1",
    "800 ms after the push for phone 1 was accepted, the caller of call 1 hangs up",
    "50 ms after the push was delivered to phone 1, phone 1 wakes and registers",
    "as soon as the 180 of phone 1 left and the 180 of phone 2 left, the user of phone 1 answers call 1",
    "as soon as the case started, the network loses the next INVITE to phone 1",
    "as soon as call 1 was placed, the network loses the next 2 of 200 to INVITE from the caller of call 1",
  ]);
});
