import { UsageError } from "../../../harness/errors.ts";

/** A request to the admin API, read and checked as far as HTTP goes. */
export interface AdminRequest {
  readonly method: string;
  /** Decoded segments of the path. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
  /** The body as JSON; undefined where there is none. */
  readonly body: unknown;
}

export interface AdminAnswer {
  readonly status: number;
  /** Sent as JSON; a string is sent as plain text. */
  readonly body: unknown;
}

/** Refuses a request; becomes the answer. Never leaves the admin API. */
export class AdminRefusal extends UsageError {
  readonly answer: AdminAnswer;

  /** @param field what of the request is wrong: a member of the body, a parameter of the query, a header field */
  constructor(status: number, code: string, message: string, field?: string) {
    super(code, message);
    this.answer = { status, body: { error: { code, ...(field === undefined ? {} : { field }), message } } };
  }
}
