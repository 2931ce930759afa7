import type { ConnectionView } from "../../../harness/judge/client-view-android.ts";
import { remoteEndOf } from "../../../harness/judge/client-view-legs.ts";
import { linkRequests } from "../../../harness/judge/client-view-link.ts";
import type { ClientCall, ClientPhone } from "../../../harness/judge/client-view.ts";
import type { Requirement, Verdict } from "../../../harness/judge/requirement.ts";
import type { DisconnectCause } from "../../../harness/trace/android-event.ts";
import type { TraceEvent } from "../../../harness/trace/trace-event.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { androidCallingApp } from "../client-documents.ts";
import { registerRefusal } from "../register-refusal.ts";
import { conclude, fail, notExercised, pass } from "../verdicts.ts";
import { callsOnAndroid } from "./android-calls.ts";
import { withTelecom } from "./telecom-applies.ts";

// "Call the setDisconnected(DisconnectCause) sending LOCAL as the parameter if the user terminated the call, or send REMOTE as the
// parameter if the other party terminated the call." and "Once your app has rejected the call, it should call the
// setDisconnected(DisconnectCause) and specify REJECTED as the parameter." (Android, Build a calling app)
export const disconnectCause: Requirement = {
  id: "telecom/disconnect-cause",
  title: "The cause of a disconnected call is how the call ended.",
  level: "should",
  origin: "vendor",
  role: "client",
  scope: "case",
  sources: [
    androidCallingApp(
      "End a call",
      "Call the setDisconnected(DisconnectCause) sending LOCAL as the parameter if the user terminated the call, or send REMOTE as the parameter if the other party terminated the call.",
    ),
    androidCallingApp(
      "Implement the connection, onReject()",
      "Once your app has rejected the call, it should call the setDisconnected(DisconnectCause) and specify REJECTED as the parameter.",
    ),
  ],
  applies: withTelecom,
  judge: (trace) =>
    conclude(
      callsOnAndroid(trace).flatMap(({ call, shown }) =>
        shown.map(({ connection }) =>
          connection === undefined ? notExercised : judgeConnection(trace, call, connection),
        ),
      ),
    ),
};

/** The causes DEVICE-LINK section 4 lets pass. */
const causes = {
  cancelled: ["MISSED", "REMOTE", "CANCELED"],
  "answered-elsewhere": ["ANSWERED_ELSEWHERE"],
  "declined-elsewhere": ["REJECTED", "REMOTE"],
  declined: ["REJECTED"],
  "hung-up": ["LOCAL"],
  "remote-hung-up": ["REMOTE"],
  "no-invite": ["ERROR", "MISSED"],
  "cut-off": ["ERROR", "MISSED", "REMOTE"],
} as const satisfies Readonly<Record<string, readonly DisconnectCause[]>>;

type Ending = keyof typeof causes;

/** Those that Core-Telecom takes; a call answered elsewhere was missed here, or ended by the other side. */
const coreCauses: ReadonlySet<DisconnectCause> = new Set(["LOCAL", "REMOTE", "MISSED", "REJECTED"]);

function judgeConnection(trace: Trace, call: ClientCall, { added, disconnected, asked }: ConnectionView): Verdict {
  if (disconnected?.asker !== "app") return notExercised;
  if (asked.some(({ act, seq }) => act === "abort" && seq < disconnected.seq)) return pass([disconnected]);
  const endings = endingsBefore(trace, call, added, disconnected);
  if (endings.length === 0) return notExercised;
  const named = endings.flatMap(({ ending }): readonly DisconnectCause[] => causes[ending]);
  const allowed = trace.facts.app?.telecom === "core" ? coreOf(named) : named;
  const cause = disconnected.disconnectCause;
  const evidence = [...endings.map(({ event }) => event), disconnected];
  if (cause !== undefined && allowed.includes(cause)) return pass(evidence);
  return fail({
    mismatch: "wrong-cause",
    basis: "content",
    expected: `${[...new Set(allowed)].join(" or ")}, as the call was ${endings.map(({ ending }) => ending).join(" and ")}`,
    actual: cause ?? "no cause",
    evidence,
  });
}

/**
 * Everything that ended the call by then: where its ends cross, the app may go by any of them. A process knows nothing of INVITEs that
 * came to one before it, and need not know of what ended the call before it was added.
 */
function endingsBefore(
  trace: Trace,
  { acts, legs: all, pushes, phone }: ClientCall,
  added: TraceEvent,
  disconnected: TraceEvent,
): readonly { readonly ending: Ending; readonly event: TraceEvent | undefined }[] {
  const by = <E extends TraceEvent>(event: E | undefined) =>
    event !== undefined && event.seq < disconnected.seq ? event : undefined;
  const startSeq =
    phone.life.findLast(({ state, event }) => state === "not-running" && by(event) !== undefined)?.event.seq ?? 0;
  const legs = all.filter(({ invite }) => (invite.arrived?.seq ?? 0) > startSeq);
  const declined = by(acts.find(({ kind }) => kind === "user.declined"));
  const hungUp = by(acts.find(({ kind }) => kind === "user.hung-up"));
  const remote = remoteEndOf(legs);
  const far = by(remote?.event);
  const endings: { ending: Ending; event: TraceEvent | undefined }[] = [];
  if (declined !== undefined) endings.push({ ending: "declined", event: declined });
  if (hungUp !== undefined) endings.push({ ending: "hung-up", event: hungUp });
  if (remote !== undefined && far !== undefined) {
    const cancelled: Ending = remote.form === "plain" ? "cancelled" : remote.form;
    endings.push({ ending: remote.how === "bye" ? "remote-hung-up" : cancelled, event: far });
  }
  // A CANCEL that came too late is followed by a BYE.
  const bye = by(legs.flatMap(({ byesReceived }) => byesReceived.map(({ request }) => request.arrived))[0]);
  if (bye !== undefined && remote?.how === "cancel") endings.push({ ending: "remote-hung-up", event: bye });
  const invited = legs.some(({ invite }) => by(invite.arrived) !== undefined);
  const isAnew = endings.every(({ event }) => event !== undefined && event.seq < added.seq);
  if (isAnew && !invited && pushes.some(({ handed }) => handed !== undefined)) {
    endings.push({ ending: "no-invite", event: undefined });
  }
  // Whoever loses the network in the moment the call ends, or is refused by the registrar before it has come, may go by that.
  const isCutOff = invited
    ? legs.some(({ invite }) => hasMoved(trace, phone, invite.arrived, disconnected))
    : registerRefusal(trace, phone, pushes[0]?.delivered ?? added, disconnected) !== undefined;
  if (endings.length > 0 && isCutOff) {
    endings.push({ ending: "cut-off", event: undefined });
  }
  return endings;
}

/** The network the INVITE came over was another one, or none, when the call was disconnected. */
function hasMoved(
  trace: Trace,
  { ref }: ClientPhone,
  invite: TraceEvent | undefined,
  disconnected: TraceEvent,
): boolean {
  return (
    invite !== undefined &&
    linkRequests(trace, ref).some(
      ({ method, event }) => method === "network.changed" && event.seq > invite.seq && event.seq < disconnected.seq,
    )
  );
}

function coreOf(named: readonly DisconnectCause[]): readonly DisconnectCause[] {
  const kept = named.filter((cause) => coreCauses.has(cause));
  return named.includes("ANSWERED_ELSEWHERE") ? [...kept, "MISSED", "REMOTE"] : kept;
}
