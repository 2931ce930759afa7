import type { CallRef, CaseId, EventBody, Lane, PhoneRef, TraceEvent } from "../../harness/trace/trace-event.ts";
import type { TraceRecorder } from "../../harness/trace/recorder.ts";
import { byBytes } from "../../harness/wire/by-bytes.ts";
import type { WireMessage } from "../sip/sip-socket.ts";

/** Who an event is between and who caused it. */
export interface Between {
  readonly from: Lane;
  readonly to: Lane;
  readonly by: "target" | "world";
  readonly phone?: PhoneRef;
  readonly call?: CallRef;
  readonly cause?: number;
  readonly retransmitOf?: number;
  readonly claimedBy?: readonly CaseId[];
}

/** Puts events into the trace of one case, adding the step under way and what is a retransmission of what. */
export interface CaseRecorder {
  record(between: Between, body: EventBody): TraceEvent;
  /** A SIP message as the tap saw it, at the given end of the wire. */
  recordSip(between: Between, message: WireMessage): TraceEvent;
  /** Whatever is recorded while `play` runs belongs to that step of the plan. */
  duringStep(step: number, play: () => void): void;
  events(): readonly TraceEvent[];
  onEvent(listener: (event: TraceEvent) => void): () => void;
}

export function caseRecorder(recorder: TraceRecorder): CaseRecorder {
  const firstSendings = byBytes<number>();
  let step: number | undefined;

  const record = (between: Between, body: EventBody): TraceEvent =>
    recorder.record({ ...between, ...body, ...(step === undefined || between.by === "target" ? {} : { step }) });

  return {
    record,
    recordSip(between, message) {
      const way = `${message.direction} ${message.flow}`;
      const first = firstSendings.get(way, message.bytes);
      const event = record(first === undefined ? between : { ...between, retransmitOf: first }, {
        kind: "sip",
        transport: message.transport,
        flow: message.flow,
        bytes: message.bytes,
        fate: message.fate,
      });
      if (first === undefined) firstSendings.set(way, message.bytes, event.seq);
      return event;
    },
    duringStep(index, play) {
      const outer = step;
      step = index;
      try {
        play();
      } finally {
        step = outer;
      }
    },
    events() {
      return recorder.events;
    },
    onEvent: (listener) => recorder.onEvent(listener),
  };
}
