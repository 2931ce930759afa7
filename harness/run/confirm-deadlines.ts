import { isExpected } from "../judge/expected-failure.ts";
import type { FailVerdict, RequirementId, Verdict } from "../judge/requirement.ts";
import type { CasePlayer, Played } from "./case-player.ts";
import type { RunEvent } from "./run-event.ts";
import type { CaseResult, ExpectedFailure } from "./run-result.ts";
import type { TargetKeeper } from "./target-keeper.ts";

/** How many cases of one kind of failure are tried alone before it is put down to a busy host. */
const MOST_TRIES = 3;

export interface ConfirmOptions {
  readonly cases: readonly CaseResult[];
  readonly expectedFailures: readonly ExpectedFailure[];
  readonly player: CasePlayer;
  readonly keeper: TargetKeeper;
  readonly signal: AbortSignal;
  readonly onEvent: (event: RunEvent) => void;
}

/** All fails of one requirement and mismatch that the same expected failures cover. */
interface Kind {
  readonly requirement: RequirementId;
  readonly mismatch: string;
  readonly members: CaseResult[];
  tries: number;
  confirmed: boolean;
  /** Those tried alone in which it did not show. */
  readonly refuted: Set<CaseResult>;
}

/**
 * A fail that rests on a deadline counts only when it shows again with the plan alone: a busy host is never a failed target.
 * Fails of one kind stand or fall together, so that a target that is always late is not waited for hundreds of times; what was
 * tried alone and did not show is inconclusive in any case. Fails of content or order are left as they are.
 */
export async function confirmDeadlines(options: ConfirmOptions): Promise<readonly CaseResult[]> {
  const { cases, player, keeper, signal, onEvent } = options;
  const kinds = kindsOf(cases, options.expectedFailures);
  const isOpen = (kind: Kind): boolean => !kind.confirmed && kind.tries < MOST_TRIES;
  for (const one of cases) {
    const open = kinds.filter((kind) => isOpen(kind) && kind.members.includes(one));
    const [first] = open;
    if (first === undefined || signal.aborted) continue;
    onEvent({ kind: "confirming", requirement: first.requirement, mismatch: first.mismatch, case: one.id });
    await keeper.ensureAlive();
    settle(open, one, await player.play(one.id, one.plan, signal));
  }
  return cases.map((one) => withSettled(one, kinds));
}

function kindsOf(cases: readonly CaseResult[], expectedFailures: readonly ExpectedFailure[]): readonly Kind[] {
  const kinds = new Map<string, Kind>();
  for (const one of cases) {
    for (const [requirement, verdict] of deadlineFails(one)) {
      const fail = { requirement, mismatch: verdict.mismatch, scenario: one.scenario, plan: one.plan };
      const covering = expectedFailures.map((entry) => (isExpected(entry, fail) ? 1 : 0)).join("");
      const key = `${requirement} ${verdict.mismatch} ${covering}`;
      const kind = kinds.get(key) ?? {
        requirement,
        mismatch: verdict.mismatch,
        members: [],
        tries: 0,
        confirmed: false,
        refuted: new Set(),
      };
      kind.members.push(one);
      kinds.set(key, kind);
    }
  }
  return [...kinds.values()];
}

function deadlineFails({ verdicts }: CaseResult): readonly (readonly [RequirementId, FailVerdict])[] {
  return (Object.entries(verdicts) as [RequirementId, Verdict][]).flatMap(([id, verdict]) =>
    verdict.kind === "fail" && verdict.basis === "deadline" ? [[id, verdict] as const] : [],
  );
}

function settle(kinds: readonly Kind[], one: CaseResult, { verdicts }: Played): void {
  for (const kind of kinds) {
    const again = verdicts[kind.requirement];
    kind.tries += 1;
    if (again?.kind === "fail" && again.mismatch === kind.mismatch) kind.confirmed = true;
    else kind.refuted.add(one);
  }
}

function withSettled(one: CaseResult, kinds: readonly Kind[]): CaseResult {
  const open = kinds.filter((kind) => kind.members.includes(one) && (!kind.confirmed || kind.refuted.has(one)));
  if (open.length === 0) return one;
  const verdicts = { ...one.verdicts };
  for (const { requirement, mismatch, tries } of open)
    verdicts[requirement] = { kind: "inconclusive", why: unconfirmed(mismatch, tries) };
  return { ...one, verdicts };
}

function unconfirmed(mismatch: string, tries: number): string {
  return tries === 0
    ? `${mismatch} rests on a deadline and was not tried again with the plan alone`
    : `${mismatch} rests on a deadline and did not show again with the plan alone`;
}
