import { AssertionError } from "node:assert";
import type { Clock } from "../../harness/clock/clock.ts";
import type { PushServiceName } from "../push/push-hooks.ts";
import { describeFinding, describePush } from "./describe-push.ts";
import type { ConnectionProblem, LoggedFinding, LoggedPush } from "./logged-push.ts";

/** Which pushes are meant; every member narrows. */
export interface PushFilter {
  readonly token?: string;
  readonly service?: PushServiceName;
}

/** Everything the mocks were sent, in the order of the answers. The oldest goes where it grows past its limits. */
export interface PushLog {
  /** What is kept now. */
  pushes(): readonly LoggedPush[];
  problems(): readonly ConnectionProblem[];
  /** Of pushes and connections, of one service or of all. */
  findings(service?: PushServiceName): readonly LoggedFinding[];
  /** Gives the push its number. */
  add(push: Omit<LoggedPush, "number">): LoggedPush;
  /** Something else has become of a push meanwhile. Gives it as it is now, unless it is no longer kept. */
  change(number: number, change: Pick<LoggedPush, "became">): LoggedPush | undefined;
  addProblem(problem: ConnectionProblem): void;
  /** The oldest push that no earlier call was given, now or when it comes. Rejects with an AssertionError at the deadline. */
  next(filter: PushFilter, deadlineMs: number): Promise<LoggedPush>;
  /** Those numbered above `after`; waits for one if there is none, at most `waitMs`. */
  since(after: number, filter: PushFilter, waitMs: number): Promise<readonly LoggedPush[]>;
  /** Throws an AssertionError that lists every finding in words, if there is one. */
  expectNoFindings(service?: PushServiceName): void;
  /** Forgets everything of one service or of all; the numbers go on. */
  clear(service?: PushServiceName): void;
  /** Ends every wait. */
  close(): void;
}

export interface PushLogOptions {
  readonly clock: Clock;
  /** @default 10000 */
  readonly keep?: number;
}

const KEPT_PUSHES = 10_000;
const KEPT_BYTES = 64 * 1024 * 1024;
const KEPT_PROBLEMS = 1_000;
/** Pushes that are no longer kept, and their bytes, before they are taken out. */
const MOST_STALE = 1_000;
const MOST_STALE_BYTES = 1024 * 1024;
/** How much of the log the message of a push that never came tells. */
const LAST_SHOWN = 5;

export function pushLog({ clock, keep = KEPT_PUSHES }: PushLogOptions): PushLog {
  /** Those that are kept, after stale ones. */
  let all: LoggedPush[] = [];
  let [stale, staleBytes] = [0, 0];
  let problems: ConnectionProblem[] = [];
  /** Numbers of the pushes that `next` has not given out. */
  const untaken = new Set<number>();
  const waits = new Set<Wait>();
  /** Findings of pushes and problems that are no longer kept. */
  const forgotten = { apns: 0, fcm: 0 };
  let [number, bytes] = [0, 0];
  let isClosed = false;

  function kept(): LoggedPush[] {
    if (stale > 0) all = all.slice(stale);
    [stale, staleBytes] = [0, 0];
    return all;
  }

  function forgetOldest(): void {
    const oldest = all[stale];
    if (oldest === undefined) return;
    // To take the first out of thousands moves all others: so they are taken out many at a time.
    stale += 1;
    staleBytes += oldest.body.length;
    if (stale > MOST_STALE || staleBytes > MOST_STALE_BYTES) kept();
    bytes -= oldest.body.length;
    untaken.delete(oldest.number);
    forgotten[oldest.service] += oldest.findings.length;
  }

  /** Resolves when `look` finds something; undefined at the deadline or when the log is closed. */
  function waitFor<T>(look: () => T | undefined, deadlineMs: number): Promise<T | undefined> {
    const found = look();
    if (found !== undefined || isClosed) return Promise.resolve(found);
    return new Promise((resolve) => {
      const end = (value: T | undefined): void => {
        waits.delete(wait);
        cancel();
        resolve(value);
      };
      const wait: Wait = {
        look() {
          const value = look();
          if (value !== undefined) end(value);
        },
        end: () => end(undefined),
      };
      const cancel = clock.after(deadlineMs, wait.end);
      waits.add(wait);
    });
  }

  /** What has become of a push may be settled only after whoever waits for it was told. */
  function asItIsNow(push: LoggedPush): LoggedPush {
    return kept().find(({ number }) => number === push.number) ?? push;
  }

  /** In words, why `next` was given none. */
  function nothingCame(filter: PushFilter, deadlineMs: number): string {
    const when = isClosed ? "before the mock was closed" : `within ${deadlineMs} ms`;
    const came = kept().filter((push) => filter.service === undefined || push.service === filter.service);
    const last = came.slice(-LAST_SHOWN).map((push) => `\n  ${describePush(push)}`);
    const failed = problems.flatMap((one) =>
      one.failed === undefined ? [] : [`\nConnection ${one.connection} failed: ${one.failed}`],
    );
    const seen = last.length === 0 ? "The log has none at all." : `The log ends with${last.join("")}`;
    return `No push${filterWords(filter)} came ${when}. ${seen}${failed.slice(-LAST_SHOWN).join("")}`;
  }

  return {
    pushes: () => [...kept()],
    problems: () => [...problems],
    findings: (service) => [...kept(), ...problems].filter(isOf(service)).flatMap((one) => one.findings),
    add(unnumbered) {
      const push: LoggedPush = { number: ++number, ...unnumbered };
      all.push(push);
      untaken.add(push.number);
      bytes += push.body.length;
      while (all.length - stale > 1 && (all.length - stale > keep || bytes > KEPT_BYTES)) forgetOldest();
      for (const wait of waits) wait.look();
      return push;
    },
    change(changed, change) {
      const pushes = kept();
      const index = pushes.findIndex((push) => push.number === changed);
      const before = pushes[index];
      return before === undefined ? undefined : (pushes[index] = { ...before, ...change });
    },
    addProblem(problem) {
      problems.push(problem);
      if (problems.length <= KEPT_PROBLEMS) return;
      const oldest = problems.shift();
      if (oldest !== undefined) forgotten[oldest.service] += oldest.findings.length;
    },
    async next(filter, deadlineMs) {
      const found = await waitFor(() => {
        const push = kept().find((one) => untaken.has(one.number) && matches(one, filter));
        if (push !== undefined) untaken.delete(push.number);
        return push;
      }, deadlineMs);
      if (found !== undefined) return asItIsNow(found);
      throw new AssertionError({ message: nothingCame(filter, deadlineMs), operator: "nextPush" });
    },
    async since(after, filter, waitMs) {
      const look = (): readonly LoggedPush[] | undefined => {
        const found = kept().filter((one) => one.number > after && matches(one, filter));
        return found.length === 0 ? undefined : found;
      };
      return ((await waitFor(look, waitMs)) ?? []).map(asItIsNow);
    },
    expectNoFindings(service) {
      const gone = service === undefined ? forgotten.apns + forgotten.fcm : forgotten[service];
      const lines = [
        ...kept()
          .filter(isOf(service))
          .flatMap((push) => withFindings(describePush(push), push.findings)),
        ...problems
          .filter(isOf(service))
          .flatMap(({ connection, findings }) => withFindings(`connection ${connection}`, findings)),
        ...(gone === 0 ? [] : [`and ${gone} of pushes that are no longer in the log`]),
      ];
      if (lines.length === 0) return;
      throw new AssertionError({ message: `Findings:\n${lines.join("\n")}`, operator: "expectNoFindings" });
    },
    clear(service) {
      all = kept().filter((push) => !isOf(service)(push));
      problems = problems.filter((problem) => !isOf(service)(problem));
      bytes = all.reduce((sum, push) => sum + push.body.length, 0);
      const left = new Set(all.map((push) => push.number));
      for (const one of untaken) if (!left.has(one)) untaken.delete(one);
      if (service !== "fcm") forgotten.apns = 0;
      if (service !== "apns") forgotten.fcm = 0;
    },
    close() {
      isClosed = true;
      for (const wait of waits) wait.end();
    },
  };
}

interface Wait {
  look(): void;
  end(): void;
}

function isOf(service: PushServiceName | undefined): (one: { readonly service: PushServiceName }) => boolean {
  return (one) => service === undefined || one.service === service;
}

function matches(push: LoggedPush, { token, service }: PushFilter): boolean {
  return (token === undefined || push.token === token) && isOf(service)(push);
}

function filterWords({ token, service }: PushFilter): string {
  return `${service === undefined ? "" : ` to ${service}`}${token === undefined ? "" : ` for token ${token}`}`;
}

function withFindings(about: string, findings: readonly LoggedFinding[]): readonly string[] {
  return findings.length === 0 ? [] : [about, ...findings.map((finding) => `  ${describeFinding(finding)}`)];
}
