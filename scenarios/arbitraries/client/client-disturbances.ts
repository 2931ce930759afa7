import * as fc from "fast-check";
import {
  asksOptions,
  changesNetwork,
  duplicates,
  fallsAsleep,
  forks,
  loses,
  losesNetwork,
  on,
  pushes,
  regainsNetwork,
  reinvites,
  rotatesToken,
} from "../../../harness/plan/plan-parts.ts";
import type { MessageMatch, Step } from "../../../harness/plan/plan.ts";
import type { CallRef, PhoneRef } from "../../../harness/trace/trace-event.ts";
import type { Steps } from "../call-courses.ts";
import { together } from "../call-courses.ts";
import { rarely } from "../disturbances.ts";
import { momentAfter, pause } from "../moments.ts";

/** Each is sent again by a timer of RFC 3261 17 or 13.3.1.4: losing it once changes nothing but the time. */
function losable(phone: PhoneRef, call: CallRef): readonly [MessageMatch, ...MessageMatch[]] {
  return [
    { at: call, direction: "sent", method: "INVITE" },
    { at: call, direction: "sent", method: "CANCEL" },
    { at: call, direction: "sent", method: "ACK" },
    { at: call, direction: "sent", method: "BYE" },
    { at: phone, direction: "sent", method: "INVITE", status: 180 },
    { at: phone, direction: "sent", method: "INVITE", status: 200 },
    { at: phone, direction: "sent", method: "INVITE", status: 487 },
    { at: phone, direction: "sent", method: "CANCEL", status: 200 },
    { at: phone, direction: "sent", method: "REGISTER" },
    { at: phone, direction: "sent", method: "BYE" },
    { at: phone, direction: "received", method: "REGISTER", status: 200 },
    { at: phone, direction: "received", method: "BYE", status: 200 },
  ];
}

/** A message lost or twice on the wire (both on UDP alone: a stream does neither). Mostly none. */
export function wireDisturbances(phone: PhoneRef, call: CallRef): Steps {
  return together(
    rarely(fc.constantFrom(...losable(phone, call)).map((match) => loses(match))),
    rarely(fc.constant(duplicates({ at: call, direction: "sent", method: "INVITE" }))),
  );
}

/** What a caller, a proxy or the push service may do beside; the call goes on as if it had not. Mostly none. */
export function repetitions(phone: PhoneRef, call: CallRef): Steps {
  const talking = on("call.answered", call);
  const one = <T extends Step>(steps: readonly [T, ...T[]]): fc.Arbitrary<Step> => fc.constantFrom<Step>(...steps);
  return together(
    rarely(
      one([asksOptions(call, talking, 50), reinvites(call, false, talking, 50), reinvites(call, true, talking, 100)]),
    ),
    rarely(one([forks(call, on("call.placed", call), 20)])),
    rarely(pause.map((delayMs) => pushes(phone, call, on("ringing.shown", phone), delayMs))),
  );
}

/** The phone's network or process does not stay what it was. Mostly none. */
export function phoneDisturbances(phone: PhoneRef, call: CallRef): Steps {
  const when = momentAfter([on("ringing.shown", phone), on("call.answered", call)], pause);
  return together(
    rarely(when.map(({ after, delayMs }) => changesNetwork(phone, after, delayMs))),
    rarelyBoth(
      when.map(({ after, delayMs }) => [
        losesNetwork(phone, after, delayMs),
        regainsNetwork(phone, after, delayMs + 400),
      ]),
    ),
    rarely(when.map(({ after, delayMs }) => rotatesToken(phone, after, delayMs))),
    rarely(when.map(({ after, delayMs }) => fallsAsleep(phone, after, delayMs))),
  );
}

function rarelyBoth(steps: Steps): Steps {
  return fc.oneof(
    { withCrossShrink: true },
    { weight: 7, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: steps },
  );
}
