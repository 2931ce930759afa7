import type { FindingEvent } from "../../harness/trace/trace-event.ts";
import type { ApnsFinding } from "../apns/apns-request.ts";
import type { Between } from "./case-recorder.ts";

/** Notes what the rule table found wrong with the event `about`, right behind it. */
export function recordFindings(
  recorder: { record(between: Between, body: FindingEvent): unknown },
  between: Between,
  findings: readonly ApnsFinding[],
  about: number,
): void {
  for (const finding of findings) recorder.record({ ...between, cause: about }, { kind: "finding", ...finding, about });
}
