import type { Role } from "../trace/run-facts.ts";
import { describeAction, describeAnchors, describeRef } from "./describe-step.ts";
import { describeSettings } from "./describe-settings.ts";
import type {
  AndroidState,
  AppState,
  Call,
  InviteSpecials,
  Phone,
  Plan,
  PushHandling,
  SignallingState,
  Step,
} from "./plan.ts";

const appWords: Readonly<Record<AppState, string>> = {
  foreground: "app in the foreground",
  background: "app in the background",
  suspended: "app suspended",
  killed: "app killed",
};

const signallingWords: Readonly<Record<SignallingState, string>> = {
  connected: "connected",
  closed: "its signalling closed",
  silent: "its signalling open but silent",
  "half-dead": "its connection half-dead",
  expired: "its binding expired",
  "logged-out": "logged out",
};

/** The plan in words: one line per phone, call and step, in plan order. */
export function describePlan(plan: Plan): string[] {
  return [
    ...plan.phones.map((phone, i) => describePhone(phone, i, plan.transport)),
    ...plan.calls.map(describeCall),
    ...plan.steps.map((step) => describeStep(step, plan.role)),
  ];
}

function describePhone(
  { platform, account, app, signalling, android, settings, pushes }: Phone,
  index: number,
  transport: string,
): string {
  const system = platform === "ios" ? "iOS" : "Android";
  const state = `${describeRef(`phone:${index + 1}`)} (${system}, account ${account}, ${transport.toUpperCase()}): ${appWords[app]}, ${signallingWords[signalling]}${describeAndroid(android)}${settings === undefined ? "" : `, ${describeSettings(settings)}`}`;
  const handled = pushes.map((push, i) => `push ${i + 1} is ${describePush(push)}`);
  return [state, ...handled].join("; ");
}

function describeAndroid(state: AndroidState | undefined): string {
  return `${state?.doze === true ? ", dozing" : ""}${state?.deprioritised === true ? ", its app deprioritised" : ""}`;
}

/** "answered 410 Unregistered after 100 ms", "accepted and delivered twice after 400 ms". */
function describePush({ answer, answerDelayMs, delivery }: PushHandling): string {
  const held = answerDelayMs === 0 ? "" : ` after ${answerDelayMs} ms`;
  if (answer.kind === "reset") return `reset${held}`;
  if (answer.kind === "status") {
    const about =
      answer.unregistered === undefined ? "" : ` (since ${answer.unregistered.replace("-", " its newest ")})`;
    const retry = answer.retryAfterS === undefined ? "" : ` (Retry-After ${answer.retryAfterS} s)`;
    return `answered ${answer.status} ${answer.reason}${about}${retry}${held}`;
  }
  if (delivery.kind === "drop") return `accepted${held} and lost`;
  const late = delivery.delayMs === 0 ? "at once" : `after ${delivery.delayMs} ms`;
  return `accepted${held} and delivered ${delivery.copies === 2 ? "twice " : ""}${late}`;
}

function describeCall({ caller, callee, video, invite = {} }: Call, index: number): string {
  const name = caller.name === "" ? "somebody without a name" : JSON.stringify(caller.name);
  const media = video ? "video" : "voice";
  return `${describeRef(`call:${index + 1}`)}: ${name} at ${JSON.stringify(caller.number)} calls account ${callee} (${media})${describeInvite(invite)}`;
}

/** ", its INVITE without an offer". */
function describeInvite({ delayedOffer, reliable, withoutKey }: InviteSpecials): string {
  const special = [
    ...(delayedOffer === true ? ["without an offer"] : []),
    ...(reliable === true ? ["with 100rel"] : []),
    ...(withoutKey === true ? ["without the key of its push"] : []),
  ];
  return special.length === 0 ? "" : `, its INVITE ${special.join(" and ")}`;
}

/** "800 ms after the push was accepted, the caller hangs up". */
function describeStep({ after, delayMs, do: action }: Step, role: Role): string {
  const when = delayMs === 0 ? "as soon as" : `${delayMs} ms after`;
  return `${when} ${describeAnchors(after)}, ${describeAction(action, role)}`;
}
