import { array, constantFrom, record } from "fast-check";
import type { Requirement, RequirementId, Verdict } from "../../judge/requirement.ts";
import type { Plan } from "../../plan/plan.ts";
import type { Scenario } from "../../plan/scenario.ts";
import type { StartedTarget, TargetExit } from "../../targets/target-definition.ts";
import type { TraceEvent } from "../../trace/trace-event.ts";
import type { CaseEnd, Trace } from "../../trace/trace.ts";
import type { Lease, World } from "../world.ts";
import { testFacts, testWorldFacts } from "./test-facts.ts";

/** What the fake target does with a plan: which requirements see a fail of which basis, and how the case ends. */
export interface Behaviour {
  readonly fails?: Readonly<Record<string, "content" | "order" | "deadline">>;
  readonly inconclusive?: readonly string[];
  readonly end?: CaseEnd["kind"];
  /** The target's process ends during this case. */
  readonly dies?: boolean;
  /** Never ends by itself. */
  readonly hangs?: boolean;
}

export interface FakeWorld extends World {
  /** Every play, in the order they began. */
  readonly plays: readonly { readonly plan: Plan; readonly lease: Lease; readonly together: number }[];
  readonly mostTogether: () => number;
  readonly closed: () => number;
  readonly target: StartedTarget & { readonly starts: number };
}

/** A world without sockets: verdicts are written into the trace as findings, which `fakeRequirement` reads back. */
export function fakeWorld(
  behave: (plan: Plan, lease: Lease, together: number) => Behaviour,
  {
    cases = 1000,
    restartFails = false,
    runBehaviour,
  }: { cases?: number; restartFails?: boolean; runBehaviour?: Behaviour } = {},
): FakeWorld {
  const plays: { plan: Plan; lease: Lease; together: number }[] = [];
  const listeners = new Set<(exit: TargetExit) => void>();
  const interrupts = new Set<() => void>();
  let underWay = 0;
  let most = 0;
  let closed = 0;
  let exited: TargetExit | undefined;
  let starts = 1;
  const target = {
    name: testFacts.target.name,
    pid: 1,
    get exited() {
      return exited;
    },
    get starts() {
      return starts;
    },
    readyAfterMs: 1,
    output: () => [],
    onExit(listener: (exit: TargetExit) => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async restart() {
      if (restartFails) throw new Error("it does not come back");
      starts += 1;
      exited = undefined;
    },
    async stop() {},
  };
  return {
    facts: testWorldFacts("/nowhere"),
    runFacts: testFacts,
    capacity: { cases },
    plays,
    target,
    mostTogether: () => most,
    closed: () => closed,
    attach() {},
    targetExited() {
      for (const interrupt of interrupts) interrupt();
    },
    async play(plan, lease, signal) {
      underWay += 1;
      most = Math.max(most, underWay);
      plays.push({ plan, lease, together: underWay });
      const behaviour = behave(plan, lease, underWay);
      let diedMeanwhile = false;
      const interrupt = (): void => {
        diedMeanwhile = true;
      };
      interrupts.add(interrupt);
      if (behaviour.hangs === true)
        await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
      else await new Promise((resolve) => setImmediate(resolve));
      if (behaviour.dies === true) {
        exited = { code: 1, signal: null };
        for (const listener of listeners) listener(exited);
      }
      interrupts.delete(interrupt);
      underWay -= 1;
      const kind = diedMeanwhile ? "target-died" : signal.aborted ? "interrupted" : (behaviour.end ?? "finished");
      return traceOf(behaviour, kind, plan, lease);
    },
    async close() {
      closed += 1;
      return traceOf(runBehaviour ?? {}, "finished");
    },
  };
}

function traceOf(behaviour: Behaviour, kind: CaseEnd["kind"], plan?: Plan, lease?: Lease): Trace {
  const findings = [
    ...Object.entries(behaviour.fails ?? {}).map(([rule, basis]) => ({ rule, actual: basis })),
    ...(behaviour.inconclusive ?? []).map((rule) => ({ rule, actual: "inconclusive" })),
  ];
  const at = (seq: number): Pick<TraceEvent, "seq" | "atMs" | "lagMs"> => ({ seq, atMs: seq, lagMs: 0 });
  const work: TraceEvent = {
    ...at(0),
    from: "target",
    to: "push-service",
    by: "target",
    kind: "push.request",
    service: "apns",
    push: "push-1",
    connection: "connection-1",
    method: "POST",
    path: "/3/device/00",
    headers: [],
    body: new Uint8Array(),
  };
  const found = findings.map(({ rule, actual }, index): TraceEvent => ({
    ...at(index + 1),
    from: "harness",
    to: "harness",
    by: "world",
    kind: "finding",
    rule,
    mismatch: `${rule.replace("/", "-")}-mismatch`,
    expected: "",
    actual,
    about: 0,
  }));
  const scope = plan === undefined ? "run" : "case";
  return {
    schema: "ringtrue.trace/1",
    scope,
    ...(lease === undefined ? {} : { case: lease.caseId }),
    ...(plan === undefined ? {} : { plan }),
    facts: testFacts,
    events: [work, ...found],
    end: endOf(kind),
  };
}

function endOf(kind: CaseEnd["kind"]): CaseEnd {
  const ends: readonly CaseEnd[] = [
    { kind: "finished", atMs: 10, absenceFromMs: 5 },
    { kind: "capped", atMs: 10, why: "test" },
    { kind: "target-died", atMs: 10, how: "test" },
    { kind: "harness-fault", atMs: 10, message: "test" },
  ];
  return ends.find((end) => end.kind === kind) ?? { kind: "interrupted", atMs: 10 };
}

/** Passes unless the trace says otherwise about it; fails with "died" when the target died in the case. */
export function fakeRequirement(id: RequirementId, rest: Partial<Requirement> = {}): Requirement {
  return {
    id,
    title: `Requirement ${id}.`,
    level: "must",
    origin: "standard",
    role: "server",
    scope: "case",
    sources: [],
    applies: () => true,
    judge(trace): Verdict {
      if (id === "flow/target-survives" && trace.end.kind === "target-died")
        return { kind: "fail", mismatch: "target-died", basis: "content", expected: "", actual: "", evidence: [] };
      const finding = trace.events.find((event) => event.kind === "finding" && event.rule === id);
      if (finding?.kind !== "finding")
        return { kind: "pass", evidence: [], margins: [{ what: "x", limitMs: 100, actualMs: trace.end.atMs }] };
      if (finding.actual === "inconclusive") return { kind: "inconclusive", why: "test" };
      const basis = finding.actual as "content" | "order" | "deadline";
      return { kind: "fail", mismatch: finding.mismatch, basis, expected: "a", actual: "b", evidence: [finding.seq] };
    },
    ...rest,
  };
}

/** A plan with one step per delay. */
export function fakePlan(scenario: string, delaysMs: readonly number[], rest: Partial<Plan> = {}): Plan {
  return {
    scenario,
    role: "server",
    transport: "udp",
    phones: [{ platform: "ios", account: 1, app: "killed", signalling: "closed", pushes: [] }],
    calls: [{ caller: { name: "Ada", number: "+15550100" }, callee: 1, video: false }],
    steps: delaysMs.map((delayMs) => ({
      after: { on: "case.started" },
      delayMs,
      do: { kind: "caller.call", call: "call:1" },
    })),
    ...rest,
  };
}

/** Generates plans of up to six steps; its witnesses are the given plans. */
export function fakeScenario(id: string, exercises: readonly string[], witnesses: readonly Plan[] = []): Scenario {
  return {
    id,
    title: `Scenario ${id}.`,
    roles: ["server"],
    exercises,
    witnesses: () => witnesses,
    arbitrary: () =>
      record({
        delaysMs: array(constantFrom(0, 100, 200, 400, 800), { maxLength: 6 }),
        transport: constantFrom("udp" as const, "tcp" as const),
      }).map(({ delaysMs, transport }) => fakePlan(id, delaysMs, { transport })),
  };
}
