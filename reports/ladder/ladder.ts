import type { CallRef, Lane, PhoneRef, TraceEvent } from "../../harness/trace/trace-event.ts";
import type { Trace } from "../../harness/trace/trace.ts";
import { visibleLine } from "../text/visible-text.ts";
import { eventDetail } from "./event-detail.ts";
import { eventLabel, serviceNames } from "./event-label.ts";

/** A trace as a sequence diagram: one column per lane that takes part, one row per event that a reader wants to see. */
export interface Ladder {
  /** From left to right. */
  readonly lanes: readonly LadderLane[];
  readonly rows: readonly LadderRow[];
}

export interface LadderLane {
  readonly lane: Lane;
  readonly title: string;
}

/** An arrow between two lanes, or a note on one where `from` and `to` are the same. All text is one visible line. */
export interface LadderRow {
  readonly seq: number;
  /** Milliseconds since the first event of the trace. */
  readonly atMs: number;
  readonly from: Lane;
  readonly to: Lane;
  /** What it is: `INVITE sip:alice@example.test`, `180 Ringing`, `push 200`, `user answers`. */
  readonly label: string;
  /** What RingTrue did to it or noted about it: lost, duplicate, retransmission, a finding. */
  readonly marks: readonly string[];
  /** `violation`: the event that shows the failure; `evidence`: others it rests on. */
  readonly role?: "violation" | "evidence";
  /** The message or payload itself, for whoever wants to read it; several lines. */
  readonly detail?: string;
}

export interface LadderOptions {
  /** `seq` of the events a fail rests on; the last is the violation. */
  readonly violation?: readonly number[];
}

const lanesInOrder: readonly LadderLane[] = [
  { lane: "caller", title: "caller" },
  { lane: "server", title: "SIP" },
  { lane: "target", title: "target" },
  { lane: "push-service", title: "push" },
  { lane: "os", title: "OS" },
  { lane: "phone", title: "phone" },
  { lane: "user", title: "user" },
];

/** Pure: same trace, same ladder. */
export function ladderOf(trace: Trace, { violation = [] }: LadderOptions = {}): Ladder {
  const startMs = trace.events[0]?.atMs ?? 0;
  const evidence = new Set(violation);
  const last = violation.at(-1);
  const findings = findingsByEvent(trace);
  const rows = trace.events
    .filter((event) => isShown(event) || evidence.has(event.seq))
    .map((event): LadderRow => {
      const [from, to] = endsOf(event);
      const detail = eventDetail(event);
      const role = event.seq === last ? "violation" : evidence.has(event.seq) ? "evidence" : undefined;
      return {
        seq: event.seq,
        atMs: event.atMs - startMs,
        from,
        to,
        label: visibleLine(eventLabel(event) + whoseText(event, trace)),
        marks: [...marksOf(event), ...(findings.get(event.seq) ?? [])].map(visibleLine),
        ...(role === undefined ? {} : { role }),
        ...(detail === undefined ? {} : { detail }),
      };
    });
  const taking = new Set(rows.flatMap(({ from, to }) => [from, to]));
  const lanes = lanesInOrder.filter(({ lane }) => taking.has(lane));
  return {
    lanes: lanes.map((one) => (one.lane === "push-service" ? { ...one, title: serviceTitle(trace) } : one)),
    rows,
  };
}

/** `APNs` or `FCM` where the trace knows one of them only; apps are handed their pushes by that of their platform. */
function serviceTitle({ events, facts, plan }: Trace): string {
  const services = new Set(
    facts.role === "client"
      ? plan?.phones.map(({ platform }) => (platform === "ios" ? "apns" : "fcm"))
      : events.flatMap((event) => ("service" in event ? [event.service] : [])),
  );
  const [service] = services;
  return services.size === 1 && service !== undefined ? serviceNames[service] : "push";
}

/** What the app is told of itself; the phone's own event says the same. */
const toldTwice = new Set(["device.foreground", "device.background", "device.suspend", "device.terminate"]);

/** Steps show by what they bring about, findings beside what they are about, requests without their replies. */
function isShown(event: TraceEvent): boolean {
  if (event.kind === "link.reply") return event.error !== undefined;
  if (event.kind === "link.request") return !toldTwice.has(event.method);
  return event.kind !== "step.played" && event.kind !== "finding";
}

/** The harness has no lane: its doing stands on the lane it was done to. */
function endsOf(event: TraceEvent): readonly [Lane, Lane] {
  const { kind, from, to } = event;
  if (kind === "flow.opened" || kind === "flow.closed" || kind === "flow.silenced") {
    const lane = from === "target" ? to : from;
    return isLane(lane) ? [lane, lane] : ["target", "target"];
  }
  if (isLane(from) && isLane(to)) return [from, to];
  if (isLane(from)) return [from, from];
  if (isLane(to)) return [to, to];
  return ["target", "target"];
}

function isLane(lane: Lane): boolean {
  return lanesInOrder.some((known) => known.lane === lane);
}

function findingsByEvent({ events }: Trace): ReadonlyMap<number, readonly string[]> {
  const findings = new Map<number, string[]>();
  for (const event of events) {
    if (event.kind !== "finding") continue;
    const text = `${event.rule}: ${event.mismatch}`;
    findings.set(event.about, [...(findings.get(event.about) ?? []), text]);
  }
  return findings;
}

function marksOf(event: TraceEvent): readonly string[] {
  return [
    ...(event.kind === "sip" && event.fate === "lost" ? ["lost by the plan"] : []),
    ...(event.kind === "sip" && event.fate === "duplicate" ? ["duplicate by the plan"] : []),
    ...(event.retransmitOf === undefined ? [] : ["retransmission"]),
    ...(event.kind === "push.response" && event.scripted ? ["by the plan"] : []),
    ...(event.claimedBy === undefined ? [] : ["crossed"]),
  ];
}

/** Which phone or call an event belongs to, where a plan has several. */
function whoseText({ phone, call }: TraceEvent, { plan }: Trace): string {
  const several: readonly (PhoneRef | CallRef | undefined)[] = [
    (plan?.phones.length ?? 0) > 1 ? phone : undefined,
    (plan?.calls.length ?? 0) > 1 ? call : undefined,
  ];
  const words = several.flatMap((ref) => (ref === undefined ? [] : [ref.replace(":", " ")]));
  return words.length === 0 ? "" : ` [${words.join(", ")}]`;
}
