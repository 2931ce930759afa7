import type { Verdict } from "../../../harness/judge/requirement.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import type { Sender } from "./messages-of.ts";

/** What is wrong with one message. */
export interface MessageFault {
  readonly mismatch: string;
  readonly expected: string;
  readonly actual: string;
  /** `seq` of the events that show it, the violation last. */
  readonly evidence: readonly number[];
}

/** What a rule looked at (`seq` of each message it could judge) and what it found wrong. */
export interface Reading {
  readonly judged: readonly number[];
  readonly faults: readonly MessageFault[];
}

/** A rule about the messages of one side, so that RingTrue's own can be held to it as well. */
export type MessageRule = (trace: Trace, sender: Sender) => Reading;

/** A pass names so many messages at most: all of them would say no more. */
const shownOnPass = 8;

/** The judge of a requirement that is one rule about the target's messages. */
export function judgeTargetBy(rule: MessageRule): (trace: Trace) => Verdict {
  return (trace) => {
    const { judged, faults } = rule(trace, "target");
    const [fault] = faults;
    if (fault !== undefined) return { kind: "fail", basis: "content", ...fault };
    if (judged.length === 0) return { kind: "not-exercised" };
    return { kind: "pass", evidence: judged.slice(0, shownOnPass) };
  };
}
