/** Whose fault an error is decides the exit code: `user` 3, `target` and `harness` 4. */
export type Fault = "user" | "target" | "harness";

/** Base of every error RingTrue throws. A target's misbehaviour during a case is never an error: it is a trace event. */
export class RingTrueError extends Error {
  readonly code: string;
  readonly fault: Fault;

  constructor(fault: Fault, code: string, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
    this.fault = fault;
    this.code = code;
  }
}

/** The person who runs RingTrue can mend this: a bad option, config field or file. The message names it and says what to do. */
export class UsageError extends RingTrueError {
  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super("user", code, message, options);
  }
}

/** The target could not be brought to where cases can be played: it never became ready or could not be started. */
export class TargetError extends RingTrueError {
  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super("target", code, message, options);
  }
}

/** RingTrue itself broke a promise: an invariant, its own SIP rules, a resource it could not get. */
export class HarnessFault extends RingTrueError {
  constructor(code: string, message: string, options?: { readonly cause?: unknown }) {
    super("harness", code, message, options);
  }
}

/** The message of anything that was thrown, for people. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
