import type {
  AndroidEvent,
  ConnectionState,
  DisconnectCause,
  OtherCall,
  TelecomAct,
} from "../../harness/trace/android-event.ts";
import type { EmitAndroidEvent } from "./emit-android-event.ts";
import type { AppAnswer } from "../device-link/device-line.ts";
import type { AppRequest } from "../device-link/messages.ts";
import type { AndroidNumbers } from "./android-numbers.ts";
import type { AndroidSettings } from "./android-settings.ts";
import type { AskApp } from "./app-process.ts";

export interface TelecomOptions {
  readonly numbers: AndroidNumbers;
  readonly settings: () => AndroidSettings;
  readonly ask: AskApp;
  readonly emit: EmitAndroidEvent;
  /** The user chose this call on Telecom's screen, where another app's cannot be held. */
  readonly endOtherCall: () => void;
  /** A call came, went or changed its state. */
  readonly onChange: () => void;
}

/** A call of the app's that Telecom has and that is not over. */
export interface LiveCall {
  readonly connectionId: string;
  readonly state: ConnectionState;
  /** The user answered it. */
  readonly isAnswered: boolean;
  /** Whose screen offers it to the user. */
  readonly shownBy: "app" | "telecom";
}

/** The calls of one app in Telecom, whichever of its interfaces the app uses. */
export interface TelecomCalls {
  /** Answers a request of this interface; undefined: it is of another. */
  answer(request: AppRequest): AppAnswer | undefined;
  /** Newest first. */
  live(): readonly LiveCall[];
  /** Asks the app about a live call; false where that call is over, or the interface has no such callback. */
  act(act: TelecomAct, connectionId: string): boolean;
  /** The user answered by other means than Telecom: the app will tell Telecom itself. */
  answeredInApp(connectionId: string): void;
  /** Another app's call is now the active one, or the one that matters more. */
  otherCall(kind: OtherCall): void;
  /** The app's process is gone: so are its calls. */
  ended(why: string): void;
}

/** An app without Telecom. */
export const noTelecom: TelecomCalls = {
  answer: () => undefined,
  live: () => [],
  act: () => false,
  answeredInApp: () => {},
  otherCall: () => {},
  ended: () => {},
};

/** The calls in a table, newest first, that are not over. */
export function liveCalls<C extends LiveCall>(calls: ReadonlyMap<string, C>): readonly C[] {
  return [...calls.values()].filter(({ state }) => state !== "DISCONNECTED").toReversed();
}

/** What the trace says of a call that came into its state, and who asked for it. */
export function stateEvents(
  call: LiveCall,
  before: ConnectionState,
  asker: "app" | "telecom",
  cause: DisconnectCause | undefined,
): readonly AndroidEvent[] {
  const { connectionId, state } = call;
  const disconnect = cause === undefined ? {} : { disconnectCause: cause };
  return [{ kind: "connection.state", connectionId, state, asker, ...disconnect }, ...ownScreen(call, before, state)];
}

/** What Telecom's own incoming call screen adds to the trace when a call comes into a state. */
export function ownScreen(
  { connectionId, shownBy }: LiveCall,
  before: ConnectionState,
  after: ConnectionState,
): readonly AndroidEvent[] {
  if (shownBy === "app" || (before === "RINGING") === (after === "RINGING")) return [];
  return after === "RINGING"
    ? [{ kind: "ringing.shown", why: "telecom", surface: "in-call", connectionId }]
    : [{ kind: "ringing.ended", why: `the call is ${after}`, connectionId }];
}
