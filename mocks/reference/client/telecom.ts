import type { AppCall, EndWhy } from "./calls.ts";
import type { Answer, Params } from "./json-rpc.ts";

/** What the rest of the app hears of Telecom. */
export interface TelecomEvents {
  /** Telecom has the call. */
  readonly taken: (call: AppCall) => void;
  /** The app shows the call itself. */
  readonly showUi: (call: AppCall) => void;
  readonly refused: (call: AppCall) => void;
  /** The call is the active one, and may use the microphone. */
  readonly active: (call: AppCall) => void;
  /** The user answered, ended or held it outside the app. */
  readonly answered: (call: AppCall) => void;
  readonly ended: (call: AppCall) => void;
  readonly aborted: (call: AppCall) => void;
  readonly held: (call: AppCall, onHold: boolean, done: () => void) => void;
}

/** One of Telecom's interfaces, or none. */
export interface Telecom {
  readonly kind: "self-managed" | "core" | "none";
  add(call: AppCall): void;
  /** Answered and connected. */
  connected(call: AppCall): void;
  ended(call: AppCall, why: EndWhy): void;
  isActive(call: AppCall): boolean;
  /** A callback; false for one of another interface. */
  handle(method: string, call: AppCall | undefined, answer: (answer: Answer) => void): boolean;
}

/** What Telecom is told of a new call, whichever interface it is. */
export function introduced({ id, caller: { handle, name }, video }: AppCall): Params {
  return {
    connectionId: id,
    handle: handle ?? "unknown",
    ...(name === undefined ? {} : { displayName: name }),
    hasVideo: video ?? false,
  };
}

/** Notifications and the foreground service are all there is. */
export function noTelecom(events: TelecomEvents): Telecom {
  return {
    kind: "none",
    add(call) {
      events.taken(call);
      events.showUi(call);
    },
    connected: () => {},
    ended: () => {},
    isActive: () => true,
    handle: () => false,
  };
}
