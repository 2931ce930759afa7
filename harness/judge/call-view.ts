import { oncePer } from "../once-per.ts";
import type { CallIdentity, Trace } from "../trace/trace.ts";
import type { CallRef, EventOf, PhoneRef } from "../trace/trace-event.ts";
import { sameUri } from "../wire/sip-uri.ts";
import { branchesOf, type Branch } from "./call-view-branches.ts";
import { callerLegOf, type CallerLeg } from "./call-view-caller.ts";
import { messagesOf, type Message } from "./call-view-messages.ts";
import { phonesOf, type PhoneView } from "./call-view-phones.ts";
import { pushesOf, type Push } from "./call-view-pushes.ts";

/** One call of a case, taken apart: what every judge of call flow looks at. */
export interface CallView {
  readonly ref: CallRef;
  readonly identity: CallIdentity;
  readonly caller: CallerLeg;
  /** The caller's INVITE as it reached the target. */
  readonly placed: EventOf<"sip">;
  /** The phones of the account that is called. */
  readonly phones: readonly PhoneView[];
  /** The INVITE transactions of this call at any phone, in order. */
  readonly branches: readonly Branch[];
  /** The pushes for this call, to any phone. */
  readonly pushes: readonly Push[];
}

/** The calls of a case whose INVITE reached the target. Worked out once per trace. */
export const callsOf = oncePer((trace: Trace): readonly CallView[] => {
  const calls = Object.entries(trace.identities?.calls ?? {}).flatMap(([name, identity]) => {
    const ref = name as CallRef;
    const mine = messagesOf(trace).filter((message) => callOf(trace, message) === ref);
    const caller = callerLegOf(mine.filter(({ event }) => event.from === "caller" || event.to === "caller"));
    const placed = caller?.invite.arrived;
    if (caller === undefined || placed === undefined) return [];
    const phones = phonesOf(trace);
    return [
      {
        ref,
        identity,
        caller,
        placed,
        phones: phones.filter((phone) => sameUri(phone.identity.aor, identity.calleeAor)),
        branches: phones
          .flatMap((phone) =>
            branchesOf(
              phone.ref,
              mine.filter(({ event }) => event.phone === phone.ref),
            ),
          )
          .toSorted((a, b) => a.invite.event.seq - b.invite.event.seq),
        pushes: pushesOf(trace).filter((push) => callOfPush(trace, push) === ref),
      },
    ];
  });
  return calls;
});

/** The call the world tied a message to, else that of its Call-ID, else the only one its phone can be called by. */
function callOf(trace: Trace, message: Message): CallRef | undefined {
  const { event } = message;
  if (event.call !== undefined || message.method === "REGISTER") return event.call;
  const byCallId = Object.entries(trace.identities?.calls ?? {}).find(([, { callId }]) => callId === message.callId);
  return (byCallId?.[0] as CallRef | undefined) ?? onlyCallTo(trace, event.phone);
}

function callOfPush(trace: Trace, push: Push): CallRef | undefined {
  return push.call ?? onlyCallTo(trace, push.phone);
}

function onlyCallTo(trace: Trace, phone: PhoneRef | undefined): CallRef | undefined {
  const identity = phone === undefined ? undefined : trace.identities?.phones[phone];
  if (identity === undefined) return undefined;
  const calls = Object.entries(trace.identities?.calls ?? {}).filter(([, { calleeAor }]) =>
    sameUri(calleeAor, identity.aor),
  );
  return calls.length === 1 ? (calls[0]?.[0] as CallRef | undefined) : undefined;
}
