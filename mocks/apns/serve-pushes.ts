import { constants } from "node:http2";
import type { Clock } from "../../harness/clock/clock.ts";
import type { HttpAnswer, HttpConnection, HttpOutcome, HttpRequest } from "../http/http-exchange.ts";
import { pendingPushes } from "../push/pending-pushes.ts";
import type { PushDecision, PushHooks, PushOutcome, ReceivedPush } from "../push/push-hooks.ts";
import { acceptance, rejection } from "./apns-answer.ts";
import type { ApnsFault, FaultBoard } from "./apns-fault.ts";
import type { ApnsService } from "./apns-service.ts";
import { afterAnswer, hasTooManyErrors } from "./connection-state.ts";
import type { ApnsConnectionState } from "./connection-state.ts";
import { judgeApnsRequest } from "./judge-apns-request.ts";

/** A connection with what APNs knows of it. */
export interface ApnsConnection {
  readonly http: HttpConnection;
  state: ApnsConnectionState;
  /** Notes that a push came: it is not idle. */
  readonly awake: () => void;
  /** Ends the watch for idleness. */
  readonly sleep: () => void;
}

/** Answers the requests of every connection. */
export interface PushServing {
  answer(request: HttpRequest, signal: AbortSignal): HttpAnswer | Promise<HttpAnswer>;
  answered(request: HttpRequest, outcome: HttpOutcome): void;
}

interface Parts {
  readonly service: ApnsService;
  readonly clock: Clock;
  readonly hooks: PushHooks;
  readonly faults: FaultBoard;
  readonly connectionOf: (http: HttpConnection) => ApnsConnection;
}

/** What the field reports as the text of GOAWAY when a client opens too many streams. */
const TOO_MANY_STREAMS = "Maximum active streams violated for this endpoint.";
const ACCEPTED: PushOutcome = { kind: "response", status: 200, scripted: false };
const ACCEPTED_BY_SCRIPT: PushOutcome = { kind: "response", status: 200, scripted: true };
/** Fits no stream: a push whose answer nobody waits for any more. */
const UNANSWERED: HttpAnswer = { kind: "reset", errorCode: constants.NGHTTP2_CANCEL };

export function servePushes({ service, clock, hooks, faults, connectionOf }: Parts): PushServing {
  let pushes = 0;
  const pending = pendingPushes();

  return {
    answer(request, signal) {
      const connection = connectionOf(request.connection);
      connection.awake();
      const { receivedAtMs } = request;
      const nowMs = clock.epochMs + receivedAtMs;
      const judged = judgeApnsRequest(service, connection.state, request, `apns-push-${++pushes}`, {
        nowMs,
        receivedAtMs,
      });
      enter(connection, judged.connection);
      const { push, newToken } = judged;
      if (newToken !== undefined) {
        const { fingerprint, issuedAtS } = newToken;
        const issued = issuedAtS === undefined ? {} : { issuedAtS };
        const at = { service: "apns", connection: connection.state.id } as const;
        hooks.onConnection({ kind: "connection.provider-token", ...at, fingerprint, ...issued }, []);
      }
      const decision = hooks.onRequest(push);
      if ("kind" in decision) return decided(connection, request, push, decision, signal);
      return decision.then(async (late) => decided(connection, request, push, late, signal));
    },
    answered(request, outcome) {
      const entry = pending.take(request);
      if (entry === undefined) return;
      hooks.onResponded(entry.push, outcome === "sent" ? entry.outcome : { kind: "abandoned" });
    },
  };

  function decided(
    connection: ApnsConnection,
    request: HttpRequest,
    push: ReceivedPush,
    decision: PushDecision,
    signal: AbortSignal,
  ): HttpAnswer | Promise<HttpAnswer> {
    const fault = decision.kind === "by-rules" ? faultFor(connection, push) : undefined;
    if (fault?.kind === "no-answer") {
      return later(Infinity, signal).then(() => conclude(request, push, UNANSWERED, { kind: "abandoned" }));
    }
    if (fault?.kind === "second-settings") connection.http.allowStreams(fault.streams);
    const delayMs = decision.answerDelayMs + (fault !== undefined && "delayMs" in fault ? fault.delayMs : 0);
    if (delayMs <= 0) return respond(connection, request, push, decision, fault);
    return later(delayMs, signal).then(() => respond(connection, request, push, decision, fault));
  }

  function faultFor(connection: ApnsConnection, push: ReceivedPush): ApnsFault | undefined {
    return connection.state.isStuck ? { kind: "sticky-429" } : faults.take(push);
  }

  function respond(
    connection: ApnsConnection,
    request: HttpRequest,
    push: ReceivedPush,
    decision: PushDecision,
    fault: ApnsFault | undefined,
  ): HttpAnswer {
    if (decision.kind === "status") return status(connection, request, push, decision, true);
    // Not REFUSED_STREAM, which would tell the client that the push was not looked at (RFC 9113 section 8.7).
    if (decision.kind === "reset") return reset(request, push, constants.NGHTTP2_INTERNAL_ERROR);
    switch (fault?.kind) {
      case "status":
        return status(connection, request, push, fault, true);
      case "sticky-429":
        connection.state = { ...connection.state, isStuck: true };
        return status(connection, request, push, { status: 429, reason: "TooManyProviderTokenUpdates" }, true);
      case "reset":
        return reset(request, push, constants.NGHTTP2_INTERNAL_ERROR);
      case "refuse-stream":
        return reset(request, push, constants.NGHTTP2_REFUSED_STREAM);
      case "goaway-too-many-streams":
        connection.http.goAway(TOO_MANY_STREAMS, constants.NGHTTP2_REFUSED_STREAM);
        return reset(request, push, constants.NGHTTP2_REFUSED_STREAM);
      case "goaway":
        goAway(connection.http, fault.reason);
        break;
      case "idle-close":
        goAway(connection.http, "IdleTimeout");
    }
    return status(connection, request, push, push.verdictByRules, false);
  }

  function status(
    connection: ApnsConnection,
    request: HttpRequest,
    push: ReceivedPush,
    answer: { readonly status: number; readonly reason?: string; readonly timestampMs?: number },
    scripted: boolean,
  ): HttpAnswer {
    const { reason } = answer;
    const timestampMs = answer.status === 410 ? answer.timestampMs : undefined;
    enter(connection, afterAnswer(connection.state, answer.status, reason, service.profile));
    if (hasTooManyErrors(connection.state, service.profile)) goAway(connection.http, reason ?? "Forbidden");
    const { id } = push.verdictByRules;
    if (answer.status === 200 && reason === undefined) {
      const uniqueId = service.environment === "sandbox" ? service.newId().toLowerCase() : undefined;
      return conclude(request, push, acceptance(id, uniqueId), scripted ? ACCEPTED_BY_SCRIPT : ACCEPTED);
    }
    const timestamp = timestampMs === undefined ? {} : { timestampMs };
    const details = { status: answer.status, ...(reason === undefined ? {} : { reason }), ...timestamp };
    return conclude(request, push, rejection(id, details), { kind: "response", ...details, scripted });
  }

  function reset(request: HttpRequest, push: ReceivedPush, errorCode: number): HttpAnswer {
    return conclude(request, push, { kind: "reset", errorCode }, { kind: "reset" });
  }

  function conclude(request: HttpRequest, push: ReceivedPush, answer: HttpAnswer, outcome: PushOutcome): HttpAnswer {
    pending.add({ request, push, outcome });
    return answer;
  }

  async function later(delayMs: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    await new Promise<void>((resolve) => {
      const done = () => {
        cancel();
        signal.removeEventListener("abort", done);
        resolve();
      };
      const cancel = delayMs === Infinity ? () => {} : clock.after(delayMs, done);
      signal.addEventListener("abort", done);
    });
  }
}

/** Takes over what changed, and tells the client where its streams did. */
function enter(connection: ApnsConnection, next: ApnsConnectionState): void {
  const before = connection.state;
  if (next === before) return;
  connection.state = next;
  if (next.streams !== before.streams) connection.http.allowStreams(next.streams);
}

/** GOAWAY as APNs sends it: its debug data is JSON with `reason`. */
export function goAway(http: HttpConnection, reason: string): void {
  http.goAway(JSON.stringify({ reason }));
}
