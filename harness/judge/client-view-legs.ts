import { headerValues } from "../wire/headers.ts";
import type { CallRef, EventOf, PhoneRef, TraceEvent } from "../trace/trace-event.ts";
import type { Trace } from "../trace/trace.ts";
import { branchesOf, type Branch } from "./call-view-branches.ts";
import { messagesOf, type RequestMessage } from "./call-view-messages.ts";

/** One INVITE transaction at the app, and the dialog that came of it. */
export interface Leg extends Branch {
  /** The call of the plan it is. */
  readonly call: CallRef | undefined;
}

/** How the caller's side ended a call, as the app could see it (DEVICE-LINK section 3, "Remote end forms"). */
export interface RemoteEnd {
  /** The CANCEL or BYE as it arrived. */
  readonly event: TraceEvent;
  readonly leg: Leg;
  readonly how: "cancel" | "bye";
  /** What the Reason header of a CANCEL says; `plain` without one, and of a BYE. */
  readonly form: "plain" | "answered-elsewhere" | "declined-elsewhere";
}

/** The INVITEs to one phone, in order. */
export function legsOf(trace: Trace, phone: PhoneRef): readonly Leg[] {
  const messages = messagesOf(trace).filter(({ event }) => event.phone === phone);
  return branchesOf(phone, messages).map((branch) => ({ ...branch, call: callOf(trace, branch.invite) }));
}

/** The first CANCEL or BYE of the caller's side on any of the legs that arrived. */
export function remoteEndOf(legs: readonly Leg[]): RemoteEnd | undefined {
  const ends = legs.flatMap((leg): readonly RemoteEnd[] => [
    ...leg.cancels.flatMap(({ arrived, sip }) =>
      arrived === undefined
        ? []
        : [{ event: arrived, leg, how: "cancel" as const, form: formOf(headerValues(sip, "reason")) }],
    ),
    ...leg.byesReceived.flatMap(({ request: { arrived } }) =>
      arrived === undefined ? [] : [{ event: arrived, leg, how: "bye" as const, form: "plain" as const }],
    ),
  ]);
  return ends.toSorted((a, b) => a.event.seq - b.event.seq)[0];
}

/** The INVITE as it arrived at the app; undefined when it never did. */
export function arrivedInvite(leg: Leg): EventOf<"sip"> | undefined {
  return leg.invite.arrived;
}

/** RFC 3326, and the causes DEVICE-LINK section 3 names. */
function formOf(reasons: readonly string[]): RemoteEnd["form"] {
  const values = reasons.flatMap((row) => row.split(",")).map((value) => value.replaceAll(/\s/gu, "").toLowerCase());
  const says = (protocol: string, cause: number) =>
    values.some((value) => new RegExp(`^${protocol}(?:;.*)?;cause=${cause}(?:;|$)`, "u").test(value));
  if (says("sip", 603)) return "declined-elsewhere";
  return says("sip", 200) || says("q\\.850", 26) ? "answered-elsewhere" : "plain";
}

function callOf(trace: Trace, invite: RequestMessage): CallRef | undefined {
  if (invite.event.call !== undefined) return invite.event.call;
  const entry = Object.entries(trace.identities?.calls ?? {}).find(([, { callId }]) => callId === invite.callId);
  return entry?.[0] as CallRef | undefined;
}
