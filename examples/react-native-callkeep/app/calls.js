// The calls of the app: a call of the system's screen on one side, a SIP call on the other, whichever comes first.
import { AppState, NativeModules, Platform } from "react-native";
import RNCallKeep, { CONSTANTS } from "react-native-callkeep";
import { loadAccount, onAccountChanged } from "./account";
import { startMedia, stopMedia } from "./media";
import { onNetworkChanged } from "./network";
import { settings } from "./settings";
import { isUUID, newUUID } from "./uuid";

const { END_CALL_REASONS } = CONSTANTS;
const isIos = Platform.OS === "ios";

/** From a REGISTER that got nowhere to the next one. */
const RETRY_MS = 2_000;
/** Keys of calls that are over are remembered this long: a late push or INVITE must not ring. */
const REMEMBER_MS = 120_000;

const endReasons = {
  remote: END_CALL_REASONS.REMOTE_ENDED,
  cancelled: END_CALL_REASONS.MISSED,
  "answered-elsewhere": END_CALL_REASONS.ANSWERED_ELSEWHERE,
  "declined-elsewhere": END_CALL_REASONS.DECLINED_ELSEWHERE,
  failed: END_CALL_REASONS.FAILED,
};

export function setUpCalls(createSipPhone) {
  /** By UUID in lower case: CallKit's events and its list do not agree on the case. */
  const calls = new Map();
  /** How calls ended that are over, by Call-ID. */
  const over = new Map();
  let pushParams = {};
  let sip;
  let registering;
  let isAudioActive = !isIos;

  const callOf = (uuid) => calls.get(String(uuid).toLowerCase());
  const callOfKey = (key) => [...calls.values()].find((call) => call.key === key);

  function addCall({ uuid, key, handle, callerName, isShown }) {
    let settle;
    const settled = new Promise((resolve) => (settle = resolve));
    const call = {
      uuid,
      key,
      handle,
      callerName,
      isShown,
      isAnswered: false,
      isConnected: false,
      isHeld: false,
      hasMedia: false,
      invite: undefined,
      timer: undefined,
      settled,
      settle,
    };
    calls.set(uuid.toLowerCase(), call);
    return call;
  }

  /** The call is gone from every side. `why` is told to the system unless it ended the call itself. */
  function endCall(call, why) {
    if (!calls.delete(call.uuid.toLowerCase())) return;
    clearTimeout(call.timer);
    remember(call.key, why ?? "declined");
    silence(call);
    if (why !== undefined) RNCallKeep.reportEndCallWithUUID(call.uuid, endReasons[why]);
    NativeModules.CallNotification?.cancel(call.uuid);
    call.settle();
  }

  function remember(key, why) {
    over.set(key, why);
    setTimeout(() => over.delete(key), REMEMBER_MS);
  }

  function waitForInvite(call) {
    call.timer = setTimeout(() => {
      if (call.invite === undefined) endCall(call, "failed");
    }, settings.inviteWaitMs);
  }

  // What the system's screen shows.

  /** A push has led to a call on the screen: `uuid` is the one it is shown under. */
  function pushed({ uuid, key, handle, callerName }) {
    const known = callOfKey(key);
    if (known !== undefined) return known;
    const ended = over.get(key);
    if (ended !== undefined) {
      // Late: the call is over, and was shown only because a push has to be.
      RNCallKeep.reportEndCallWithUUID(uuid, endReasons[ended] ?? END_CALL_REASONS.REMOTE_ENDED);
      return undefined;
    }
    const call = addCall({ uuid, key, handle, callerName, isShown: true });
    waitForInvite(call);
    return call;
  }

  /** The screen does not show it: Do Not Disturb, a block list, no free line. */
  function notShown(uuid, status) {
    const call = callOf(uuid);
    if (call === undefined) return;
    call.invite?.end(status);
    call.isShown = false;
    call.rejectWith = status;
    if (call.invite !== undefined) endCall(call);
  }

  function answered(uuid) {
    const call = callOf(uuid);
    if (call === undefined || call.isAnswered) return;
    call.isAnswered = true;
    // Now, as the microphone may be used in the background only soon after the user's tap.
    if (!isIos) NativeModules.CallNotification?.showOngoing(call.uuid, call.callerName);
    connect(call);
  }

  /** The user declined or hung up, or the app's own `endCall` came back as an event. */
  function ended(uuid) {
    const call = callOf(uuid);
    if (call === undefined) return;
    call.invite?.end(603);
    endCall(call);
  }

  // The SIP side.

  async function invited(invite) {
    const ending = over.get(invite.callId);
    if (ending !== undefined) return invite.end(ending === "declined" ? 603 : 480);
    let call = callOfKey(invite.callId);
    if (call === undefined) {
      const own = isUUID(invite.callId) ? invite.callId : newUUID();
      let gone;
      invite.onEnd((why) => (gone = why));
      // Its push may have been reported by native code in this moment.
      const uuid = (await NativeModules.KnownCalls?.claim(invite.callId, own)) ?? own;
      if (gone !== undefined) return remember(invite.callId, gone);
      const { handle, callerName, hasVideo } = invite;
      call = callOfKey(invite.callId);
      if (call === undefined) {
        call = addCall({ uuid, key: invite.callId, handle, callerName, isShown: true });
        if (uuid === own) RNCallKeep.displayIncomingCall(uuid, handle, callerName, "generic", hasVideo);
      }
    } else if (call.callerName === "" && invite.callerName !== "") {
      call.callerName = invite.callerName;
      RNCallKeep.updateDisplay(call.uuid, invite.callerName, call.handle);
    }
    if (call.invite !== undefined) return invite.end(482);
    clearTimeout(call.timer);
    call.invite = invite;
    invite.onEnd((why) => endCall(call, why));
    if (!call.isShown) {
      invite.end(call.rejectWith);
      return endCall(call);
    }
    if (call.isAnswered) connect(call);
    else invite.ring();
  }

  function connect(call) {
    if (call.invite === undefined) return;
    call.invite.answer().then(
      () => {
        if (callOf(call.uuid) !== call) return;
        call.isConnected = true;
        if (!isIos) RNCallKeep.setCurrentCallActive(call.uuid);
        if (call.isHeld) call.invite.hold(true);
        useMedia();
      },
      () => endCall(call, "failed"),
    );
  }

  /** The other call has the user's ear, or this one has it again. */
  function held(uuid, onHold) {
    const call = callOf(uuid);
    if (call === undefined) return;
    call.isHeld = onHold;
    if (call.isConnected) call.invite.hold(onHold);
    useMedia();
  }

  /** Only for a connected call that is not held, while the audio session is active. */
  function useMedia() {
    for (const call of calls.values()) {
      if (!call.isConnected || call.isHeld || !isAudioActive) silence(call);
      else if (!call.hasMedia) {
        call.hasMedia = true;
        startMedia(call.uuid);
      }
    }
  }

  function silence(call) {
    if (!call.hasMedia) return;
    call.hasMedia = false;
    stopMedia(call.uuid);
    // The session goes with the call that had it. News of that may cross with the next call, to which the system gives it anew.
    if (isIos) isAudioActive = false;
  }

  function audio(isActive) {
    // Android has no session of that kind; there callkeep tells of it with every answer.
    if (!isIos) return;
    isAudioActive = isActive;
    useMedia();
  }

  function registration(outcome) {
    if (outcome === "failed") setTimeout(() => void registerSoon(), RETRY_MS);
    if (outcome !== "refused") return;
    // Nothing can come any more.
    for (const call of calls.values()) if (call.invite === undefined) endCall(call, "failed");
  }

  /** One REGISTER for what comes at once: the token, and the push in two events. Settled once it was answered. */
  function registerSoon() {
    registering ??= new Promise((resolve) => {
      setTimeout(() => {
        registering = undefined;
        resolve(sip?.register());
      }, 0);
    });
    return registering;
  }

  async function useAccount(account) {
    const former = sip;
    sip = undefined;
    if (account === null) for (const call of calls.values()) logOutOf(call);
    await former?.logOut();
    if (account === null) return;
    sip = createSipPhone({ account, push: () => pushParams, onInvite: invited, onRegistration: registration });
    if (pushParams["pn-prid"] !== undefined) await sip.register();
  }
  function logOutOf(call) {
    call.invite?.end(480);
    endCall(call, "failed");
  }

  void RNCallKeep.setup({
    ios: { appName: "Ringing Example" },
    android: {
      alertTitle: "Permissions",
      alertDescription: "Calls need access to your phone accounts",
      cancelButton: "Cancel",
      okButton: "OK",
      additionalPermissions: [],
      selfManaged: true,
    },
  });

  onNetworkChanged(({ reachable }) => {
    if (reachable) sip?.networkIsBack();
  });
  onAccountChanged((account) => void useAccount(account));
  AppState.addEventListener("change", (state) => {
    if (state === "active" && sip?.isRegistered !== true) void sip?.register();
  });
  void useAccount(loadAccount());

  return {
    pushed,
    notShown,
    answered,
    ended,
    held,
    audio,
    /** A call that came without a push and got no place on the screen. */
    callOf,
    /** The push service's address of this phone; registers with it. */
    useToken(params) {
      pushParams = params;
      void registerSoon();
    },
    /** Every push asks for a binding refresh. */
    wake: registerSoon,
    reset() {
      for (const call of calls.values()) {
        call.invite?.end(480);
        endCall(call);
      }
    },
    /** No account: there is nothing a push could be answered with. */
    canRing: () => sip !== undefined,
  };
}
