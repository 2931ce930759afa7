import type { Clock } from "../../harness/clock/clock.ts";
import type { PushHandling } from "../../harness/plan/plan.ts";
import type { CallRef, PhoneRef } from "../../harness/trace/trace-event.ts";
import type { DeviceStore } from "../push/device-store.ts";
import type { PushDecision, PushDelivery, PushOutcome, PushServiceName, ReceivedPush } from "../push/push-hooks.ts";
import type { PushPriority } from "../os/phone-os.ts";
import type { Attribution } from "./attribution.ts";
import type { CallDirectory } from "./call-directory.ts";
import type { CaseRecorder } from "./case-recorder.ts";
import type { PendingTimers } from "./pending-timers.ts";
import type { PhonePlayer } from "./phone-player.ts";
import { pushAnswered, pushRequested, recordFindings } from "./push-events.ts";
import { decide } from "./push-path.ts";
import { pushPayload, startsApp } from "./push-payload.ts";

/** The push path of one case: what the plan says of each push, and its way to the phone. */
export interface CasePushes {
  receive(phone: PhoneRef, push: ReceivedPush): PushDecision;
  responded(phone: PhoneRef, push: ReceivedPush, outcome: PushOutcome): void;
  /** The phone can be reached again or was picked up: what was kept for it is on its way. */
  phoneIsBack(phone: PhoneRef): void;
}

interface Parts {
  readonly recorder: CaseRecorder;
  readonly timers: PendingTimers;
  readonly directory: CallDirectory;
  readonly attribution: Attribution;
  readonly phones: ReadonlyMap<PhoneRef, PhonePlayer>;
  readonly clock: Clock;
  readonly stores: Readonly<Record<PushServiceName, DeviceStore<PushUnderWay>>>;
}

/** A push that was accepted and shall reach its phone. */
export interface PushUnderWay {
  readonly push: ReceivedPush;
  readonly token: string;
  readonly phone: PhoneRef;
  readonly call: CallRef | undefined;
  readonly copies: 1 | 2;
  /** `seq` of the answer. */
  readonly cause: number;
}

export function casePushes({ recorder, timers, directory, attribution, phones, clock, stores }: Parts): CasePushes {
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
      const call = directory.callOfPush(ref, pushPayload(push), attribution.claims(text));
      const between = {
        from: "target",
        to: "push-service",
        by: "target",
        phone: ref,
        ...(call === undefined ? {} : { call }),
      } as const;
      const request = recorder.record(between, pushRequested(push));
      recordFindings(recorder, between, push.findings, request.seq);
      const phone = phones.get(ref)!;
      const handling = phone.nextHandling();
      // The server may hold the answer back; until it is out the case goes on.
      open.set(push.push, { request: request.seq, call, handling, settled: timers.hold() });
      return decide(handling, phone.registeredAtMs());
    },
    responded(ref, push, outcome) {
      const entry = open.get(push.push);
      if (entry === undefined) return;
      open.delete(push.push);
      entry.settled();
      const answered = pushAnswered(push, outcome);
      if (answered === undefined) return;
      const { call, handling } = entry;
      const lanes = { from: "push-service", to: "target", by: "world", phone: ref } as const;
      const { seq } = recorder.record(
        { ...lanes, cause: entry.request, ...(call === undefined ? {} : { call }) },
        answered,
      );
      if (answered.kind === "push.response" && answered.status === 200) accepted(ref, push, call, handling, seq);
    },
    phoneIsBack(ref) {
      const phone = phones.get(ref)!;
      for (const store of Object.values(stores)) {
        const { deliver, expired } = store.release(phone.token(), epochMs());
        for (const { push } of expired) drop(push, "expired before delivery");
        for (const { push, delivery } of deliver) attempt(push, delivery);
      }
    },
  };

  function accepted(
    phone: PhoneRef,
    push: ReceivedPush,
    call: CallRef | undefined,
    { delivery: planned }: PushHandling,
    cause: number,
  ): void {
    const { delivery, token = "" } = push;
    const copies = planned.kind === "drop" ? 1 : planned.copies;
    const underWay: PushUnderWay = { push, token, phone, call, copies, cause };
    if (planned.kind === "drop") drop(underWay, "lost, as the plan says");
    else if (delivery === undefined) drop(underWay, "accepted for no device");
    else timers.after(planned.delayMs, () => attempt(underWay, delivery));
  }

  /** Brings a push to its phone if that can be reached, and keeps it otherwise. */
  function attempt(underWay: PushUnderWay, delivery: PushDelivery): void {
    const phone = phones.get(underWay.phone)!;
    if (underWay.token !== phone.token()) return drop(underWay, "the token is no longer the phone's");
    if (delivery.expiresAtMs !== undefined && delivery.stored && epochMs() > delivery.expiresAtMs)
      return drop(underWay, "expired before delivery");
    if (!phone.reachable()) return void keep(underWay, delivery, "the phone has no network");
    const admission = phone.admit(delivery.priority);
    if (admission.kind === "now") return handOver(underWay, delivery, admission.priority);
    if (keep(underWay, delivery, admission.why)) timers.meanwhile(admission.forMs, () => maintenance(underWay.phone));
  }

  /** Apple and Google alike: what has no time to live gets one attempt. */
  function keep(underWay: PushUnderWay, delivery: PushDelivery, why: string): boolean {
    const { service, push } = underWay.push;
    const { isKept, replaced, discarded = [] } = stores[service].keep(underWay.token, { push: underWay, delivery });
    for (const one of discarded) drop(one, "thrown away: too many waited");
    if (!isKept) {
      if (!discarded.includes(underWay)) drop(underWay, `${why}, and it was not to be stored`);
      return false;
    }
    const replaces = replaced === undefined ? {} : { replaces: replaced.push.push };
    const atService = { ...toPhone(underWay), to: "push-service" } as const;
    recorder.record(atService, { kind: "push.stored", push, token: underWay.token, why, ...replaces });
    if (replaced !== undefined) drop(replaced, `replaced by ${push}`);
    return true;
  }

  /** A phone in Doze looks for its messages now and then, whatever their priority. */
  function maintenance(ref: PhoneRef): void {
    const phone = phones.get(ref)!;
    if (!phone.reachable()) return;
    const { deliver, expired } = stores.fcm.release(phone.token(), epochMs());
    for (const { push } of expired) drop(push, "expired before delivery");
    for (const { push, delivery } of deliver) handOver(push, delivery, "normal");
  }

  function handOver(underWay: PushUnderWay, { payload }: PushDelivery, priority: PushPriority | undefined): void {
    const { push, token, phone, call, copies } = underWay;
    for (let copy = 1; copy <= copies; copy += 1) {
      const delivered = { kind: "push.delivered", push: push.push, token, copy, payload } as const;
      recorder.record(toPhone(underWay), priority === undefined ? delivered : { ...delivered, priority });
      phones.get(phone)!.deliver(call, startsApp(push));
    }
  }

  function drop(underWay: PushUnderWay, why: string): void {
    recorder.record(toPhone(underWay), {
      kind: "push.dropped",
      push: underWay.push.push,
      token: underWay.token,
      why,
    });
  }

  function epochMs(): number {
    return clock.epochMs + clock.now();
  }
}

function toPhone({ phone, call, cause }: PushUnderWay) {
  return {
    from: "push-service",
    to: "os",
    by: "world",
    phone,
    cause,
    ...(call === undefined ? {} : { call }),
  } as const;
}
