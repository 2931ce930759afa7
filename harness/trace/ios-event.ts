/** Names of Apple's `CXErrorCodeIncomingCallError.Code`. */
export type IncomingCallErrorName =
  | "unknown"
  | "unentitled"
  | "callUUIDAlreadyExists"
  | "filteredByDoNotDisturb"
  | "filteredByBlockList"
  | "filteredDuringRestrictedSharingMode"
  | "callIsProtected"
  | "filteredBySensitiveParticipants";

/** Names of Apple's `CXErrorCodeRequestTransactionError.Code`. */
export type RequestTransactionErrorName =
  | "unknown"
  | "unentitled"
  | "unknownCallProvider"
  | "emptyTransaction"
  | "unknownCallUUID"
  | "callUUIDAlreadyExists"
  | "invalidAction"
  | "maximumCallGroupsReached"
  | "callIsProtected";

/** CXCallEndedReason, as the device link spells it. */
export type CallEndedReason = "failed" | "remoteEnded" | "unanswered" | "answeredElsewhere" | "declinedElsewhere";

export type CallActionType = "answer" | "end" | "start" | "setHeld" | "setMuted" | "playDTMF";

/**
 * How an action came to its end, each exactly once. `call-ended`: its call ended by other means. `reset`: the provider was reset.
 * `app-terminated`: the process died.
 */
export type ActionOutcome = "fulfilled" | "failed" | "timed-out" | "call-ended" | "reset" | "app-terminated";

/**
 * What a simulated iPhone decides and does. `callUUID` is in lower case; `push` and `action` are the ids of the device link.
 */
export type IosEvent = IosAppEvent | IosPushEvent | IosCallEvent | IosAudioEvent;

export type IosAppEvent =
  | { readonly kind: "app.launched"; readonly why: "push" | "user" }
  | { readonly kind: "app.launch-failed"; readonly why: string }
  /** It ran on after it had been suspended. `callback`: of CallKit or the push registry. */
  | { readonly kind: "app.woken"; readonly why: "push" | "user" | "callback" }
  | { readonly kind: "app.foregrounded" }
  | { readonly kind: "app.backgrounded" }
  | { readonly kind: "app.suspended" }
  /** The app said something although it had agreed to be suspended. */
  | { readonly kind: "app.ran-while-suspended"; readonly method: string }
  /** `unreported-push` and `crashed` are the system's own words; everything else comes from who terminated it. */
  | { readonly kind: "app.terminated"; readonly why: string; readonly message?: string };

export type IosPushEvent =
  | { readonly kind: "token.issued"; readonly token: string; readonly previous?: string }
  | { readonly kind: "token.invalidated"; readonly token: string }
  /** The delegate method is called. `mustReport`: the system enforces a report. `told`: what the app was told of that, if anything. */
  | { readonly kind: "push.received"; readonly push: string; readonly mustReport: boolean; readonly told?: boolean }
  /** The delegate method returned. */
  | { readonly kind: "push.returned"; readonly push: string; readonly reported: boolean }
  /** No call was reported in time; the app is terminated for it. `count` is that of all such pushes. */
  | {
      readonly kind: "push.unreported";
      readonly push: string;
      readonly check: "delegate" | "service" | "crash";
      readonly count: number;
    }
  /** The completion handler was called for the `times`th time. */
  | { readonly kind: "push.completed"; readonly push: string; readonly times: number }
  /** The app does not get it. */
  | { readonly kind: "push.withheld"; readonly push: string; readonly why: "too-many-unreported" | "launch-failed" }
  /** From now on the app gets no pushes. */
  | { readonly kind: "push.blocked"; readonly count: number };

export type IosCallEvent =
  /** `push`: a push still waited for its report when the call was reported; `invite`: none did. */
  | { readonly kind: "ringing.shown"; readonly why: "push" | "invite"; readonly callUUID: string }
  /** `why`: `answered`, `declined`, or the `why` of `call.ended`. */
  | { readonly kind: "ringing.ended"; readonly why: string; readonly callUUID: string }
  | {
      readonly kind: "call.refused";
      readonly callUUID: string;
      readonly code: number;
      readonly why: IncomingCallErrorName | "maximumCallGroupsReached";
    }
  | { readonly kind: "call.updated"; readonly callUUID: string }
  /** An outgoing call of the user's or the app's. */
  | { readonly kind: "call.started"; readonly callUUID: string }
  | { readonly kind: "call.connected"; readonly callUUID: string }
  | { readonly kind: "call.held"; readonly callUUID: string; readonly onHold: boolean }
  | { readonly kind: "call.muted"; readonly callUUID: string; readonly muted: boolean }
  /** Its end action failed: the system goes on showing a call that may not be there. */
  | { readonly kind: "call.stale"; readonly callUUID: string }
  /** `ended`: an end action was fulfilled. */
  | {
      readonly kind: "call.ended";
      readonly callUUID: string;
      readonly why: CallEndedReason | "ended" | "reset" | "app-terminated";
    }
  | {
      readonly kind: "action.performed";
      readonly action: string;
      readonly type: CallActionType;
      readonly callUUID: string;
      readonly timeoutMs: number;
      readonly asker: "user" | "app";
    }
  | {
      readonly kind: "action.settled";
      readonly action: string;
      readonly type: CallActionType;
      readonly callUUID: string;
      readonly outcome: ActionOutcome;
    }
  /** The app settled an action that was settled before, as `outcome` says. */
  | {
      readonly kind: "action.late";
      readonly action: string;
      readonly said: "fulfill" | "fail";
      readonly outcome: ActionOutcome;
    }
  | { readonly kind: "transaction.refused"; readonly why: RequestTransactionErrorName }
  | { readonly kind: "provider.reset" };

export type IosAudioEvent =
  | { readonly kind: "audio.activated" }
  | { readonly kind: "audio.deactivated" }
  /** The app told of it; `audio` and `callState` are as the system saw them at that moment. */
  | ({ readonly kind: "media.started" } & IosMediaNews)
  | ({ readonly kind: "media.stopped" } & IosMediaNews);

interface IosMediaNews {
  readonly callUUID: string;
  readonly audio: "active" | "inactive";
  readonly callState: CallState | "none";
}

/**
 * `ringing` until somebody answers or ends it; `answering` until the answer is fulfilled; `starting` and `connecting` are the two
 * of an outgoing call; `ending` until the end is fulfilled, `stale` when it was not.
 */
export type CallState = "ringing" | "answering" | "starting" | "connecting" | "connected" | "ending" | "stale";
