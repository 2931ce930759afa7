import type { Clock } from "../../../harness/clock/clock.ts";
import type { Call, CancelForm } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { CallRef } from "../../../harness/trace/trace-event.ts";
import { cseq } from "../../../harness/wire/headers.ts";
import type { NotSip, SipMessage } from "../../../harness/wire/sip-message.ts";
import type { Binding } from "../../sip/bindings.ts";
import type { SentCall } from "../../sip/invite-sender.ts";
import type { CallEvent } from "../../sip/outgoing-call.ts";
import type { SipServer } from "../../sip/sip-server.ts";
import { BYE_WAIT_MS, callerStateAfter, type CallerState } from "../caller-state.ts";
import type { CallPersona } from "../identities.ts";
import { wireFaults, type WireFaults } from "../wire-faults.ts";
import { correlationKey } from "./client-push.ts";

/** The caller's side of one call to an app. */
export interface ClientCall {
  readonly ref: CallRef;
  readonly wire: WireFaults;
  /** Its INVITE has left. */
  isPlaced(): boolean;
  /** It ended, or never began to. */
  isOver(): boolean;
  /** INVITE to the newest binding of the phone; where there is none, nothing. */
  place(): void;
  hangUp(form: CancelForm): void;
  fork(): void;
  reinvite(hold: boolean): void;
  options(): void;
  /** A message of the call crossed the wire. */
  crossed(direction: "in" | "out", sip: SipMessage | NotSip): void;
  /** Why the case cannot end yet, or undefined. */
  waitsFor(): string | undefined;
  /** Ends what is still up, after the trace was taken. */
  leave(): void;
  close(): void;
}

export interface ClientCallOptions {
  readonly call: Call;
  readonly persona: CallPersona;
  readonly facts: RunFacts;
  readonly clock: Clock;
  readonly server: SipServer;
  /** The newest binding of the callee's phone that can be reached. */
  readonly binding: () => Binding | undefined;
  /** Something happened to the call. */
  readonly onChange: () => void;
}

export function clientCall(options: ClientCallOptions): ClientCall {
  const { call, persona, facts, clock, server, binding, onChange } = options;
  const { invite: specials = {} } = call;
  const wire = wireFaults();
  let sent: SentCall | undefined;
  let state: CallerState = "idle";
  let hasHungUp = false;
  let byeSentAtMs: number | undefined;

  function onEvent(event: CallEvent): void {
    state = callerStateAfter(event, hasHungUp) ?? state;
    onChange();
  }

  return {
    ref: persona.ref,
    wire,
    isPlaced() {
      return sent !== undefined;
    },
    isOver() {
      return state === "over";
    },
    place() {
      const to = binding();
      if (to === undefined || sent !== undefined) return;
      state = "calling";
      const { correlation } = facts.profile;
      const tied = correlation.sip !== "call-id" && specials.withoutKey !== true;
      sent = server.invite({
        binding: to,
        aor: persona.calleeAor,
        caller: { uri: persona.callerUri, displayName: persona.callerName },
        callId: persona.callId,
        media: facts.media ?? "rtp",
        video: call.video,
        delayedOffer: specials.delayedOffer ?? false,
        reliable: specials.reliable ?? false,
        ...(tied ? { headers: [[correlation.sip, correlationKey(facts.profile, persona)]] } : {}),
        onEvent,
      });
    },
    hangUp(form) {
      if (hasHungUp || (state !== "calling" && state !== "answered")) return;
      hasHungUp = true;
      if (state === "answered") {
        state = "over";
        sent?.bye();
      } else sent?.cancel(form);
    },
    fork() {
      const to = binding();
      if (to !== undefined) sent?.branch(to);
    },
    reinvite: (hold) => sent?.reinvite({ hold }),
    options: () => sent?.options(),
    crossed(direction, sip) {
      if (sip.kind === "request" && sip.method === "BYE" && direction === "out") byeSentAtMs ??= clock.now();
      if (sip.kind === "response" && direction === "in" && cseq(sip)?.method === "BYE") byeSentAtMs = undefined;
    },
    waitsFor() {
      if (byeSentAtMs !== undefined && clock.now() < byeSentAtMs + BYE_WAIT_MS)
        return `an answer to the BYE of ${persona.ref}`;
      return undefined;
    },
    leave: () => sent?.hangUp(),
    close: () => sent?.dispose(),
  };
}
