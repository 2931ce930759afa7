import type { Clock } from "../../harness/clock/clock.ts";
import type { PushHandling } from "../../harness/plan/plan.ts";
import type { CallRef, PhoneRef } from "../../harness/trace/trace-event.ts";
import type { PushDecision, PushOutcome, ReceivedPush } from "../apns/apns-server.ts";
import type { Attribution } from "./attribution.ts";
import type { CallDirectory } from "./call-directory.ts";
import type { CaseRecorder } from "./case-recorder.ts";
import type { PendingTimers } from "./pending-timers.ts";
import type { PhonePlayer } from "./phone-player.ts";
import { decide } from "./push-path.ts";
import { recordFindings } from "./record-findings.ts";

/** The push path of one case: what the plan says of each push, and its way to the phone. */
export interface CasePushes {
  receive(phone: PhoneRef, push: ReceivedPush): PushDecision;
  responded(phone: PhoneRef, push: ReceivedPush, outcome: PushOutcome): void;
}

interface Parts {
  readonly recorder: CaseRecorder;
  readonly timers: PendingTimers;
  readonly directory: CallDirectory;
  readonly attribution: Attribution;
  readonly phones: ReadonlyMap<PhoneRef, PhonePlayer>;
  readonly clock: Clock;
}

export function casePushes({ recorder, timers, directory, attribution, phones, clock }: Parts): CasePushes {
  const open = new Map<
    string,
    {
      readonly request: number;
      readonly call: CallRef | undefined;
      readonly handling: PushHandling;
      readonly settled: () => void;
    }
  >();

  return {
    receive(ref, push) {
      const text = Buffer.from(push.body).toString();
      const payload = parsed(text);
      const call = directory.callOfPush(ref, payload, attribution.claims(text));
      const { kind, ...between } = pushRequestLanes(ref, call);
      const request = recorder.record(between, {
        kind,
        service: "apns",
        push: push.push,
        connection: push.connection,
        method: push.method,
        path: push.path,
        headers: push.headers,
        body: push.body,
        ...(push.token === undefined ? {} : { token: push.token }),
      });
      recordFindings(recorder, between, push.findings, request.seq);
      const phone = phones.get(ref)!;
      const handling = phone.nextHandling();
      const decision = decide(handling, phone.registeredAtMs);
      // The server may hold the answer back; until it is out the case goes on.
      open.set(push.push, { request: request.seq, call, handling, settled: timers.hold() });
      return decision;
    },
    responded(ref, push, outcome) {
      const entry = open.get(push.push);
      if (entry === undefined) return;
      open.delete(push.push);
      entry.settled();
      const between = {
        from: "push-service",
        to: "target",
        by: "world",
        phone: ref,
        cause: entry.request,
        ...(entry.call === undefined ? {} : { call: entry.call }),
      } as const;
      if (outcome.kind === "abandoned") return;
      if (outcome.kind === "reset") {
        recorder.record(between, { kind: "push.reset", service: "apns", push: push.push });
        return;
      }
      const { status, reason, timestampMs, scripted } = outcome;
      const response = recorder.record(between, {
        kind: "push.response",
        service: "apns",
        push: push.push,
        status,
        scripted,
        ...(reason === undefined ? {} : { reason }),
        ...(timestampMs === undefined ? {} : { timestampMs }),
      });
      if (status === 200) deliver(ref, push, entry.call, entry.handling, response.seq);
    },
  };

  function deliver(
    ref: PhoneRef,
    push: ReceivedPush,
    call: CallRef | undefined,
    { delivery }: PushHandling,
    cause: number,
  ): void {
    const token = push.token ?? "";
    const phone = phones.get(ref)!;
    const between = {
      from: "push-service",
      to: "os",
      by: "world",
      phone: ref,
      cause,
      ...(call === undefined ? {} : { call }),
    } as const;
    const drop = (why: string): void => {
      recorder.record(between, { kind: "push.dropped", push: push.push, token, why });
    };
    if (delivery.kind === "drop") return drop("lost, as the plan says");
    timers.after(delivery.delayMs, () => {
      if (token !== phone.token) return drop("the token is no longer the phone's");
      if (!phone.reachable) return drop("the phone has no network");
      // Apple, "Sending notification requests to APNs": 0 means one attempt and no storing; a date is a limit.
      const expirationS = Number(push.headers.find(([name]) => name === "apns-expiration")?.[1] ?? 0);
      if (expirationS > 0 && clock.epochMs + clock.now() > expirationS * 1_000) return drop("expired before delivery");
      for (let copy = 1; copy <= delivery.copies; copy += 1) {
        recorder.record(between, {
          kind: "push.delivered",
          push: push.push,
          token,
          copy,
          payload: parsed(Buffer.from(push.body).toString()),
        });
        phone.deliver(call);
      }
    });
  }
}

function pushRequestLanes(phone: PhoneRef, call: CallRef | undefined) {
  return {
    kind: "push.request",
    from: "target",
    to: "push-service",
    by: "target",
    phone,
    ...(call === undefined ? {} : { call }),
  } as const;
}

/** A payload that is no JSON is shown as the text it is. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
