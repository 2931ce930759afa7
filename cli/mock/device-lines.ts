import type { DeviceEvent } from "../../mocks/standalone/mock-devices.ts";
import { visibleLine } from "../../reports/text/visible-text.ts";
import { timeOfDay } from "./time-of-day.ts";

/** Longest text of an app that is shown on a line. */
const SHOWN = 400;

/** What happens on a simulated device, as it is shown live. Nothing in it can act on a terminal. */
export function deviceLine(event: DeviceEvent, nowMs: number): string {
  return visibleLine(`${timeOfDay(nowMs)}  ${words(event)}`);
}

function words(event: DeviceEvent): string {
  switch (event.kind) {
    case "launched":
      return `${event.device}  ${event.platform} app launched, its token is ${event.token}`;
    case "handed":
      return `${event.device}  was handed push ${event.push}. ${event.reply}`;
    case "said":
      return `${event.device}  says ${event.method} ${JSON.stringify(event.params).slice(0, SHOWN)}`;
    case "died":
      return `${event.device}  died: ${event.message}`;
    case "adapter":
      return `adapter: ${event.why}`;
  }
}
