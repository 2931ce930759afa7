import type { ScriptedAnswer } from "./answer-script.ts";
import type { ConnectionProblem, LoggedFinding, LoggedPush } from "./logged-push.ts";

/** What both mocks offer. `A` is how a push can be answered other than by the rules. */
export interface PushMock<A> extends AsyncDisposable {
  /** `https://<host>:<port>` */
  readonly url: string;
  readonly host: string;
  readonly port: number;
  /** The authority that signed the mock's certificate, PEM: what a client has to trust. */
  readonly caPem: string;

  /**
   * Answers pushes otherwise than by the rules. Answers for a token go before those for `"any"`; those of one token are
   * given in the order they were added. Without `times` an answer stays until another one is added for its token, or
   * `clear`. The rules look at the push all the same, and their findings are logged.
   *
   * @param token a device token, or `"any"`
   * @param times how often
   */
  answer(token: string, answer: A, times?: number): void;
  /** The scripted answers that still stand, with how often each is still given. */
  readonly answers: readonly ScriptedAnswer<A>[];
  clearAnswers(): void;

  /**
   * The app was removed from the phone: pushes to the token are refused as no longer registered.
   * @param sinceMs epoch milliseconds; the present time by default
   */
  unregister(token: string, sinceMs?: number): void;
  /** The phone is switched off or without network: pushes to it are stored as the service stores them, or dropped. */
  unreachable(token: string): void;
  /** The phone is back: what was stored and is still valid is delivered now, oldest first. */
  reachable(token: string): readonly LoggedPush[];

  /** Every push since the start or the last `clear`, in the order of the answers; the newest 10 000 of them. */
  readonly pushes: readonly LoggedPush[];
  /** What the pushes and connections did wrong. */
  readonly findings: readonly LoggedFinding[];
  /** Connections that never came up, and what connections did wrong apart from any one push. */
  readonly connectionProblems: readonly ConnectionProblem[];
  /**
   * The oldest push that no earlier call gave out, now or when it comes: awaiting it after the code under test has sent is
   * no race.
   *
   * @throws AssertionError when none came in time; it tells what came instead
   */
  nextPush(options?: NextPushOptions): Promise<LoggedPush>;
  /** @throws AssertionError that lists every finding in words, if there is one */
  expectNoFindings(): void;
  /** Forgets pushes, findings and scripted answers, as between two tests. Tokens stay as they are. */
  clear(): void;
  /** Ends every connection and stops listening. */
  close(): Promise<void>;
}

export interface NextPushOptions {
  /** Only a push to this device token. */
  readonly token?: string;
  /** How long to wait. @default 2000 */
  readonly deadlineMs?: number;
}

/** What is called as things happen, beside the log. */
export interface MockListeners {
  /** A push was answered (or will never be). */
  readonly onPush?: (push: LoggedPush) => void;
  /** A phone has a push, after its `onPush`. `isLate`: it was stored until the phone could be reached again. */
  readonly onDelivery?: (push: LoggedPush, isLate: boolean) => void;
  readonly onConnectionProblem?: (problem: ConnectionProblem) => void;
}
