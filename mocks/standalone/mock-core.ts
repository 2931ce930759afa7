import type { Clock } from "../../harness/clock/clock.ts";
import { UsageError } from "../../harness/errors.ts";
import type { DeviceStore } from "../push/device-store.ts";
import { bodyText } from "../push/body-text.ts";
import type {
  PushDecision,
  PushFinding,
  PushHooks,
  PushOutcome,
  PushServiceName,
  ReceivedPush,
} from "../push/push-hooks.ts";
import type { AnswerScript } from "./answer-script.ts";
import { connectionHabits } from "./connection-habits.ts";
import type { DeviceTokens } from "./device-tokens.ts";
import type { ConnectionProblem, LoggedFinding, LoggedPush, PushEnd } from "./logged-push.ts";
import type { PushLog } from "./push-log.ts";
import type { MockListeners, PushMock } from "./push-mock.ts";
import { retryHabits } from "./retry-habits.ts";

export interface MockCoreOptions<A> {
  readonly service: PushServiceName;
  readonly clock: Clock;
  readonly log: PushLog;
  readonly script: AnswerScript<A>;
  readonly tokens: DeviceTokens;
  readonly store: DeviceStore<LoggedPush>;
  /** Checks a scripted answer; throws a UsageError for one that is none. */
  readonly check: (answer: A) => void;
  /** How a scripted answer is carried out. */
  readonly decide: (answer: A, push: ReceivedPush) => PushDecision;
  readonly withSource: (finding: PushFinding) => LoggedFinding;
  readonly listeners: MockListeners;
  /** How the service itself writes a token that somebody may have written otherwise. @default as it is */
  readonly canonical?: (token: string) => string;
  /** The name clients reach the server by, where it is not the address it listens on. */
  readonly advertise?: string | undefined;
}

/** All of a mock that is not its server. */
export interface MockCore<A> {
  readonly hooks: PushHooks;
  /** The mock: what every mock offers, its server and what it alone has. */
  withServer<Own extends object>(server: ListeningServer, own: Own): PushMock<A> & Own;
}

/** What a simulated push service is once it listens. */
export interface ListeningServer {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly caPem: string;
  close(): Promise<void>;
}

const NEXT_PUSH_MS = 2_000;

/** Joins the log, the scripted answers and the device tokens of one simulated push service. */
export function mockCore<A>(options: MockCoreOptions<A>): MockCore<A> {
  const { service, clock, log, script, tokens, store, withSource, listeners, advertise } = options;
  const { canonical = (token) => token } = options;
  const habits = connectionHabits(service);
  const retries = retryHabits();
  const joined = fieldsJoiner();
  const epochMs = (monotonicMs: number): number => Math.round(clock.epochMs + monotonicMs);
  const nowMs = (): number => epochMs(clock.now());

  function deliver(push: ReceivedPush, isAccepted: boolean): PushEnd {
    const { token, delivery } = push;
    if (!isAccepted) return "refused";
    if (token === undefined || delivery === undefined) return "not-delivered";
    if (tokens.lookUp(token).state === "replaced") return "delivered-to-nobody";
    return tokens.isReachable(token) ? "delivered" : "stored";
  }

  function record(push: ReceivedPush, outcome: PushOutcome): void {
    const isResponse = outcome.kind === "response";
    const became = isResponse ? deliver(push, outcome.status === 200) : outcome.kind;
    const body = push.content?.text ?? bodyText(push.body);
    const payload = push.content?.json ?? parsed(body);
    const answer = isResponse ? answerOf(outcome) : {};
    const retried = retries.answered({ token: push.token, body, status: answer.status });
    const logged = log.add({
      service,
      receivedAtMs: epochMs(push.receivedAtMs),
      connection: push.connection,
      method: push.method,
      path: push.path,
      headers: joined(push.headers),
      body,
      ...(payload === undefined ? {} : { payload }),
      ...(push.token === undefined ? {} : { token: push.token }),
      id: push.verdictByRules.id,
      ...answer,
      scripted: isResponse ? outcome.scripted : outcome.kind === "reset",
      became,
      ...(push.delivery === undefined || !isResponse || outcome.status !== 200 ? {} : { delivery: push.delivery }),
      findings: [...push.findings.map(withSource), ...(retried === undefined ? [] : [retried])],
    });
    const settled = became === "stored" ? stored(push, logged) : logged;
    listeners.onPush?.(settled);
    if (became === "delivered") listeners.onDelivery?.(settled, false);
  }

  /** Stores a push as its service does, which may throw away others or itself. Gives it as it is then. */
  function stored(push: ReceivedPush, logged: LoggedPush): LoggedPush {
    if (push.token === undefined || push.delivery === undefined) return logged;
    const { isKept, replaced, discarded = [] } = store.keep(push.token, { push: logged, delivery: push.delivery });
    const gone = [...(replaced === undefined ? [] : [replaced]), ...discarded, ...(isKept ? [] : [logged])];
    for (const { number } of gone) log.change(number, { became: "dropped" });
    return gone.includes(logged) ? { ...logged, became: "dropped" } : logged;
  }

  function recordProblem(problem: Omit<ConnectionProblem, "service" | "atMs">): void {
    const logged = { service, atMs: nowMs(), ...problem };
    log.addProblem(logged);
    listeners.onConnectionProblem?.(logged);
  }

  function reachable(written: string): readonly LoggedPush[] {
    const token = canonical(written);
    tokens.change(token, { isReachable: true });
    const { deliver: late, expired } = store.release(token, nowMs());
    for (const { push } of expired) log.change(push.number, { became: "dropped" });
    return late.map(({ push }) => {
      const delivered = log.change(push.number, { became: "delivered" }) ?? { ...push, became: "delivered" };
      listeners.onDelivery?.(delivered, true);
      return delivered;
    });
  }

  return {
    hooks: {
      onRequest(push) {
        habits.pushed(push.connection);
        const answer = script.take(push.token);
        return answer === undefined ? { kind: "by-rules", answerDelayMs: 0 } : options.decide(answer, push);
      },
      onResponded: record,
      onConnection(event, found) {
        const habit = event.kind === "connection.closed" ? habits.closed(event.connection) : undefined;
        const findings = [...found.map(withSource), ...(habit === undefined ? [] : [habit])];
        const failed = event.kind === "connection.failed" ? event.why : undefined;
        if (failed === undefined && findings.length === 0) return;
        recordProblem({ connection: event.connection, ...(failed === undefined ? {} : { failed }), findings });
      },
      onConnectionFinding: (connection, finding) => recordProblem({ connection, findings: [withSource(finding)] }),
    },
    withServer: (server, own) => {
      const mock: PushMock<A> = {
        url: advertise === undefined ? server.url : `https://${advertise}:${server.port}`,
        host: advertise ?? server.host,
        port: server.port,
        caPem: server.caPem,
        answer(token, answer, times) {
          options.check(answer);
          if (times !== undefined && !(Number.isInteger(times) && times > 0)) {
            throw new UsageError("bad-answer", `An answer is given a whole number of times from 1, not ${times}.`);
          }
          script.add({ token: canonical(token), answer, ...(times === undefined ? {} : { times }) });
        },
        get answers() {
          return script.list();
        },
        clearAnswers: () => script.clear(),
        unregister: (token, sinceMs = nowMs()) => tokens.change(canonical(token), { state: "unregistered", sinceMs }),
        unreachable: (token) => tokens.change(canonical(token), { isReachable: false }),
        reachable,
        get pushes() {
          return log.pushes().filter((push) => push.service === service);
        },
        get findings() {
          return log.findings(service);
        },
        get connectionProblems() {
          return log.problems().filter((problem) => problem.service === service);
        },
        nextPush: ({ token, deadlineMs = NEXT_PUSH_MS } = {}) =>
          log.next({ service, ...(token === undefined ? {} : { token: canonical(token) }) }, deadlineMs),
        expectNoFindings: () => log.expectNoFindings(service),
        clear() {
          log.clear(service);
          script.clear();
          habits.clear();
          retries.clear();
        },
        close,
        [Symbol.asyncDispose]: close,
      };
      // Members are copied as they are: those that look into the log stay so.
      return Object.defineProperties(own, Object.getOwnPropertyDescriptors(mock)) as typeof own & PushMock<A>;

      async function close(): Promise<void> {
        log.close();
        await server.close();
      }
    },
  };
}

function answerOf(outcome: Extract<PushOutcome, { readonly kind: "response" }>): Partial<LoggedPush> {
  const { kind: _kind, scripted: _scripted, ...answer } = outcome;
  return answer;
}

/** Header fields by their names. The services give a sender that repeats itself the same fields again. */
function fieldsJoiner(): (headers: ReceivedPush["headers"]) => Readonly<Record<string, string>> {
  let last: ReceivedPush["headers"] | undefined;
  let joined: Readonly<Record<string, string>> = {};
  return (headers) => {
    if (headers === last) return joined;
    const record = new Map<string, string>();
    for (const [name, value] of headers) {
      const before = record.get(name);
      record.set(name, before === undefined ? value : `${before}, ${value}`);
    }
    last = headers;
    joined = Object.fromEntries(record);
    return joined;
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined;
  }
}
