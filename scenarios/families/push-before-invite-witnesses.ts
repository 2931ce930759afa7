import {
  answers,
  callerHangsUp,
  declines,
  deliveredAfter,
  duplicates,
  loses,
  on,
  phoneHangsUp,
  places,
  registersAgain,
  wakes,
} from "../../harness/plan/plan-parts.ts";
import type { Plan, Step } from "../../harness/plan/plan.ts";
import type { RunFacts } from "../../harness/trace/run-facts.ts";
import type { PlanParts, Witness } from "./plan-for.ts";
import { firstPlatform, planFor, preferTransport } from "./plan-for.ts";

function plan(facts: RunFacts, parts: PlanParts): Plan {
  return planFor("push-before-invite", facts, parts);
}

/** The ordinary course: the phone sleeps, the push wakes it, it registers, rings and answers; the caller hangs up. */
const ordinary: readonly Step[] = [
  places("call:1"),
  wakes("phone:1"),
  answers("phone:1", "call:1"),
  callerHangsUp("call:1", on("call.answered", "call:1"), 150),
];

/** The push reaches a sleeping phone before any INVITE can. */
export const pushBeforeInviteWitnesses = {
  answered: (facts) => plan(facts, { steps: ordinary }),

  answeredOverUdp: (facts) => plan(facts, { transport: "udp", steps: ordinary }),

  answeredOverTcp: (facts) => plan(facts, { transport: "tcp", steps: ordinary }),

  appKilled: (facts) => plan(facts, { phones: [{ app: "killed" }], steps: ordinary }),

  /** Idle for long: only a message of high priority gets through at once. */
  dozing: (facts) =>
    plan(facts, { phones: [{ platform: "android", android: { doze: true, deprioritised: false } }], steps: ordinary }),

  dozingAndKilled: (facts) =>
    plan(facts, {
      phones: [{ platform: "android", app: "killed", android: { doze: true, deprioritised: false } }],
      steps: ordinary,
    }),

  deprioritised: (facts) =>
    plan(facts, { phones: [{ platform: "android", android: { doze: false, deprioritised: true } }], steps: ordinary }),

  answeredVideo: (facts) => plan(facts, { calls: [{ video: true }], steps: ordinary }),

  phoneHangsUp: (facts) =>
    plan(facts, {
      steps: [places("call:1"), wakes("phone:1"), answers("phone:1", "call:1"), phoneHangsUp("phone:1", "call:1")],
    }),

  declined: (facts) => plan(facts, { steps: [places("call:1"), wakes("phone:1"), declines("phone:1", "call:1", 486)] }),

  declinedEverywhere: (facts) =>
    plan(facts, { steps: [places("call:1"), wakes("phone:1"), declines("phone:1", "call:1", 603)] }),

  /** Rings so long that whoever answers for the phone is seen doing it. */
  ringsThenDeclined: (facts) =>
    plan(facts, { steps: [places("call:1"), wakes("phone:1"), declines("phone:1", "call:1", 480, 800)] }),

  /** Long enough after the answer for a target that lost it to be told from one that is slow. */
  answeredAndWatched: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("sent.200", "phone:1"), facts.deadlines.ringStopAfterHangupMs + 500),
      ],
    }),

  slowPhone: (facts) =>
    plan(facts, {
      phones: [{ pushes: [deliveredAfter(200)] }],
      steps: [
        places("call:1"),
        wakes("phone:1", 800),
        answers("phone:1", "call:1"),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** The phone's app still answers the user while its old binding is refreshed: no second INVITE for the same call. */
  registersAgainWhileRinging: (facts) =>
    plan(facts, {
      steps: [
        places("call:1"),
        wakes("phone:1"),
        registersAgain("phone:1", on("sent.180", "phone:1"), 50),
        answers("phone:1", "call:1", 150, on("sent.180", "phone:1")),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  retransmittedInvite: (facts) =>
    plan(facts, {
      transport: preferTransport(facts, "udp"),
      steps: [duplicates({ at: "call:1", direction: "sent", method: "INVITE" }), ...ordinary],
    }),

  lostRegister: (facts) =>
    plan(facts, {
      transport: "udp",
      steps: [loses({ at: "phone:1", direction: "sent", method: "REGISTER" }), ...ordinary],
    }),

  lostInvite: (facts) =>
    plan(facts, {
      transport: "udp",
      steps: [loses({ at: "phone:1", direction: "received", method: "INVITE" }), ...ordinary],
    }),

  lostAnswer: (facts) =>
    plan(facts, {
      transport: "udp",
      steps: [loses({ at: "phone:1", direction: "sent", method: "INVITE", status: 200 }), ...ordinary],
    }),

  hostileCaller: (facts) =>
    plan(facts, {
      calls: [
        { caller: { name: 'Robert "; DROP\\ <sip:mallory@evil.invalid> %s "><script>', number: "o'neil;x=1?a=b&c" } },
      ],
      steps: ordinary,
    }),

  foreignCaller: (facts) =>
    plan(facts, { calls: [{ caller: { name: "Žofie 李小龍 ☎️", number: "*31*%23" } }], steps: ordinary }),

  twoDevices: (facts) =>
    plan(facts, {
      phones: [{}, {}],
      steps: [
        places("call:1"),
        wakes("phone:1"),
        wakes("phone:2", 100),
        answers("phone:1", "call:1", 100, { all: [on("sent.180", "phone:1"), on("sent.180", "phone:2")] }),
        callerHangsUp("call:1", on("call.answered", "call:1"), 150),
      ],
    }),

  /** Pushes enough to tell a kept connection from one per push, and one provider token from one per push. */
  fourAccounts: (facts) =>
    plan(facts, {
      phones: [1, 2, 3, 4].map((account) => ({ account, platform: firstPlatform(facts) })),
      calls: [{ callee: 1 }, { callee: 2 }, { callee: 3 }, { callee: 4 }],
      steps: ([1, 2, 3, 4] as const).flatMap((n) => [
        places(`call:${n}`, undefined, 50 * (n - 1)),
        wakes(`phone:${n}`),
        declines(`phone:${n}`, `call:${n}`),
      ]),
    }),
} as const satisfies Readonly<Record<string, Witness>>;
