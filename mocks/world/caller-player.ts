import type { Call } from "../../harness/plan/plan.ts";
import { messageOf } from "../../harness/errors.ts";
import { callerAgent, type CallerAgent, type CallerEvent } from "../sip/caller-agent.ts";
import { sdpOffer } from "../sip/sdp.ts";
import type { SipSocket } from "../sip/sip-socket.ts";
import { BYE_WAIT_MS, callerStateAfter, type CallerState } from "./caller-state.ts";
import { hostPort, openSocket, type CaseContext } from "./case-context.ts";
import type { CallPersona } from "./identities.ts";
import { wireFaults, type WireFaults } from "./wire-faults.ts";

/** The caller of one call. */
export interface CallerPlayer {
  readonly wire: WireFaults;
  /** Opens its socket; a target that refuses it is in the trace, not an exception. */
  setUp(): Promise<void>;
  place(): void;
  hangUp(): void;
  /** Why the case cannot end yet, or undefined. `ringing`: a phone rings for this call, so it may go on for ever. */
  waitsFor(ringing: boolean): string | undefined;
  /** Ends what is still up, after the trace was taken. */
  leave(): void;
  close(): Promise<void>;
}

/** How long past a deadline the case waits, so that a judge sees it was missed and not just near. */
const PAST_DEADLINE_MS = 300;

export function callerPlayer(context: CaseContext, call: Call, persona: CallPersona): CallerPlayer {
  const { recorder, clock, facts } = context;
  const wire = wireFaults();
  let socket: SipSocket | undefined;
  let agent: CallerAgent | undefined;
  let placedAtMs: number | undefined;
  let hungUpAtMs: number | undefined;
  let state: CallerState = "idle";
  let byeAnswered = true;

  const ours = { from: "caller", to: "target", by: "world", call: persona.ref } as const;
  const theirs = { from: "target", to: "caller", by: "target", call: persona.ref } as const;

  function over(): void {
    state = "over";
    context.directory.ended(persona.ref);
  }

  function onEvent(event: CallerEvent): void {
    const after = callerStateAfter(event, hungUpAtMs !== undefined);
    if (after === "over") over();
    else state = after ?? state;
    context.changed();
  }

  return {
    wire,
    async setUp() {
      const flow = `${context.port.caseId}/${context.port.nonce}/${persona.ref}`;
      const transport = context.plan.transport;
      const target = context.targetOn(transport);
      try {
        const opened = await openSocket(transport, {
          target,
          bind: context.bind,
          flow,
          filter: wire.filter,
          tap: (message) => {
            const out = message.direction === "out";
            recorder.recordSip(out ? ours : theirs, message);
            if (!out && isByeResponse(message.bytes)) byeAnswered = true;
          },
          onClose: (why, by) =>
            void recorder.record(by === "us" ? ours : theirs, { kind: "flow.closed", transport, flow, why }),
          onGarbage: (bytes, why) =>
            void recorder.record(theirs, { kind: "flow.garbage", transport, flow, bytes, why }),
        });
        if (opened.state() === "closed") return;
        socket = opened;
        const local = hostPort(opened.local);
        recorder.record(ours, { kind: "flow.opened", transport, flow, local, remote: hostPort(target) });
      } catch (error) {
        recorder.record(ours, { kind: "flow.closed", transport, flow, why: `not opened: ${messageOf(error)}` });
        return;
      }
      agent = callerAgent({
        socket,
        uri: persona.callerUri,
        displayName: persona.callerName,
        onEvent,
        onFault: context.fault,
      });
    },
    place() {
      if (agent === undefined || state !== "idle") return;
      state = "calling";
      placedAtMs = clock.now();
      context.directory.placed(persona.ref);
      agent.invite({
        to: persona.calleeAor,
        callId: persona.callId,
        sdp: sdpOffer({ video: call.video }),
      });
    },
    hangUp() {
      if (agent === undefined || hungUpAtMs !== undefined || (state !== "calling" && state !== "answered")) return;
      hungUpAtMs = clock.now();
      if (state === "answered") {
        byeAnswered = false;
        over();
      }
      agent.hangUp();
    },
    waitsFor(ringing) {
      const now = clock.now();
      const { deadlines } = facts;
      if (!byeAnswered && now < hungUpAtMs! + BYE_WAIT_MS) return "an answer to the caller's BYE";
      if (state !== "calling") return undefined;
      if (hungUpAtMs !== undefined) {
        const until = hungUpAtMs + deadlines.ringStopAfterHangupMs + PAST_DEADLINE_MS;
        return now < until ? "the end of a call that was hung up" : undefined;
      }
      if (ringing) return undefined;
      return now < placedAtMs! + deadlines.finalResponseMs + PAST_DEADLINE_MS
        ? "a final response to the caller"
        : undefined;
    },
    leave() {
      if (state === "calling" || state === "answered") agent?.hangUp();
    },
    async close() {
      agent?.dispose();
      await socket?.close();
    },
  };
}

function isByeResponse(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes).toString("latin1");
  return text.startsWith("SIP/2.0 ") && /^cseq[ \t]*:[ \t]*\d+[ \t]+BYE/im.test(text);
}
