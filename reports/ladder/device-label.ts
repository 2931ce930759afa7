import type { TraceEvent } from "../../harness/trace/trace-event.ts";

/**
 * What a phone decides, what is said over the device link and what the user does, in a few words; undefined for any other event, or
 * one that this version does not know.
 */
export function deviceLabel(event: TraceEvent): string | undefined {
  return userLabel(event) ?? linkLabel(event) ?? appLabel(event) ?? callKitLabel(event) ?? androidLabel(event);
}

function userLabel(event: TraceEvent): string | undefined {
  switch (event.kind) {
    case "user.answered":
      return `user answers${throughText(event.through)}`;
    case "user.declined":
      return `user declines${event.status === undefined ? "" : ` (${event.status})`}${throughText(event.through)}`;
    case "user.hung-up":
      return `user hangs up${throughText(event.through)}`;
    case "user.held":
      return event.onHold ? "user holds the call" : "user resumes the call";
    case "user.could-not":
      return `the phone does not offer to ${event.act}`;
    default:
      return undefined;
  }
}

function throughText(through: string | undefined): string {
  if (through === undefined || through === "call-screen") return "";
  return through === "telecom" ? " through the system" : " in the notification";
}

function linkLabel(event: TraceEvent): string | undefined {
  switch (event.kind) {
    case "link.request":
    case "link.notification": {
      const gist = gistOf(event.params);
      return gist === undefined ? event.method : `${event.method}: ${gist}`;
    }
    case "link.reply":
      return event.error === undefined
        ? `${event.method}: done`
        : `${event.method}: refused (${event.error.code} ${event.error.message})`;
    case "link.unanswered":
      return `${event.method}: no reply (${event.why})`;
    case "link.problem":
      return `device link: ${event.why}`;
    default:
      return undefined;
  }
}

/** The one member of a message that tells it from others of its method: an action, a reason, a cause. */
function gistOf(params: unknown): string | undefined {
  if (typeof params !== "object" || params === null) return undefined;
  const { action, reason, cause, style, types, message, token, reachable } = params as Readonly<
    Record<string, unknown>
  >;
  const type = typeof action === "object" && action !== null && "type" in action ? action.type : action;
  if (typeof reachable === "boolean") return reachable ? "reachable" : "unreachable";
  if (typeof token === "string") return shortToken(token);
  const said = Array.isArray(types) ? types.join(", ") : (type ?? reason ?? cause ?? style ?? message);
  return typeof said === "string" && said !== "" ? said.slice(0, 60) : undefined;
}

function appLabel(event: TraceEvent): string | undefined {
  switch (event.kind) {
    case "app.launched":
      return `app launched (${event.why})`;
    case "app.launch-failed":
      return `app not launched (${event.why})`;
    case "app.woken":
      return `app wakes (${event.why})`;
    case "app.foregrounded":
      return "app in the foreground";
    case "app.backgrounded":
      return "app in the background";
    case "app.suspended":
      return "app suspended";
    case "app.ran-while-suspended":
      return `app runs although suspended (${event.method})`;
    case "app.terminated":
      return `app terminated (${event.why})`;
    case "token.issued":
      return `token ${shortToken(event.token)} issued`;
    case "token.invalidated":
      return `token ${shortToken(event.token)} void`;
    case "ringing.shown":
      return `rings (${event.why})`;
    case "ringing.silenced":
      return "ringing silenced";
    case "ringing.ended":
      return `stops ringing (${event.why})`;
    case "media.started":
      return "media on";
    case "media.stopped":
      return "media off";
    default:
      return undefined;
  }
}

function callKitLabel(event: TraceEvent): string | undefined {
  switch (event.kind) {
    case "push.received":
      return `delegate called with the push${event.mustReport ? "" : " (no report needed)"}`;
    case "push.returned":
      return `delegate returned${event.reported ? "" : " without a report"}`;
    case "push.unreported":
      return `push not reported (${event.check} check, number ${event.count})`;
    case "push.completed":
      return `completion called${event.times > 1 ? ` for the ${event.times}th time` : ""}`;
    case "push.withheld":
      return `push withheld (${event.why})`;
    case "push.blocked":
      return `no pushes any more after ${event.count} unreported ones`;
    case "call.refused":
      return `CallKit refuses the call (${event.why})`;
    case "call.updated":
      return "call updated";
    case "call.started":
      return "outgoing call started";
    case "call.connected":
      return "call connected";
    case "call.held":
      return event.onHold ? "call on hold" : "call resumed";
    case "call.muted":
      return event.muted ? "call muted" : "call unmuted";
    case "call.stale":
      return "call screen stands although the call is over";
    case "call.ended":
      return `call ended (${event.why})`;
    case "action.performed":
      return `${event.type} action, ${event.timeoutMs} ms to settle it`;
    case "action.settled":
      return `${event.type} action ${event.outcome}`;
    case "action.late":
      return `${event.said} of an action that was ${event.outcome}`;
    case "transaction.refused":
      return `CallKit refuses the transaction (${event.why})`;
    case "provider.reset":
      return "provider reset";
    case "audio.activated":
      return "audio session active";
    case "audio.deactivated":
      return "audio session inactive";
    default:
      return undefined;
  }
}

function androidLabel(event: TraceEvent): string | undefined {
  switch (event.kind) {
    case "push.in-tray":
      return "message shown by the system, app not called";
    case "push.deprioritised":
      return `message treated as normal (${event.why})`;
    case "push.deleted":
      return `${event.pushes.length} waiting messages thrown away`;
    case "message.window-opened":
      return `message handed over, ${event.forMs} ms to handle it`;
    case "message.handled":
      return "message handled";
    case "message.failed":
      return `message not handled (${event.why})`;
    case "message.window-closed":
      return `message window over${event.shown ? "" : ", nothing shown"}`;
    case "telecom.call-added":
      return `call in Telecom, shown by ${event.shownBy === "app" ? "the app" : "the system"}`;
    case "telecom.refused":
      return `Telecom refuses the call (${event.why})`;
    case "telecom.asked":
      return `Telecom asks to ${event.act}`;
    case "connection.state":
      return `connection ${event.state}${event.disconnectCause === undefined ? "" : ` ${event.disconnectCause}`}`;
    case "connection.destroyed":
      return `connection destroyed${event.disconnected ? "" : " without a cause"}`;
    case "connection.ignored":
      return `${event.method} ignored (${event.why})`;
    case "telecom.callback-failed":
      return `${event.callback} failed (${event.why})`;
    case "telecom.priority-lost":
      return "Telecom no longer keeps the app in the foreground";
    case "telecom.priority-regained":
      return "Telecom keeps the app in the foreground again";
    default:
      return surfaceLabel(event);
  }
}

function surfaceLabel(event: TraceEvent): string | undefined {
  switch (event.kind) {
    case "notification.shown":
      return `${event.style} notification shown (${event.surface})`;
    case "notification.updated":
      return `${event.style} notification updated (${event.surface})`;
    case "notification.withheld":
      return `notification withheld (${event.why})`;
    case "notification.shaded":
      return "notification moves to the shade";
    case "notification.cancelled":
      return `notification gone (${event.why})`;
    case "notification.tapped":
      return `notification tapped: ${event.action}`;
    case "service.started":
      return `foreground service: ${event.types.join(", ")}`;
    case "service.refused":
      return `foreground service refused: ${event.exception} (${event.why})`;
    case "service.timed-out":
      return "foreground service timed out";
    case "service.stopped":
      return `foreground service stopped (${event.why})`;
    case "doze.entered":
      return "Doze begins";
    case "doze.left":
      return "Doze ends";
    case "task.removed":
      return "task swiped away";
    case "other-call.changed":
      return `another app's call: ${event.otherCall}`;
    case "wake-lock.acquired":
      return "wake lock acquired";
    case "wake-lock.released":
      return "wake lock released";
    default:
      return undefined;
  }
}

/** The beginning of a token, which is long. */
export function shortToken(token: string): string {
  return token.length > 8 ? `${token.slice(0, 8)}…` : token;
}
