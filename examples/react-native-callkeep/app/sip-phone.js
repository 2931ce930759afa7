// SIP over WebSocket with sip.js.
import { Registerer, RegistererState, SessionState, UserAgent, UserAgentState } from "sip.js";
import { cancelReason } from "./cancel-reason";
import { answerTo, nextOffer, offer } from "./media";
import { registrationOutcome } from "./registration-outcome";

/** From the end of a connection to the next one. */
const RECONNECT_MS = 500;

/**
 * `onInvite(invite)` is called for every call that comes in; `onRegistration(outcome)` when a REGISTER was answered or failed.
 * `push()` gives the parameters that belong into the Contact of a REGISTER.
 */
export function createSipPhone({ account, push, onInvite, onRegistration }) {
  const { host, port } = account.registrar;
  let isClosed = false;
  /** The REGISTER under way. */
  let attempt;
  let wantsAgain = false;
  let registerer;

  const userAgent = new UserAgent({
    uri: UserAgent.makeURI(account.aor),
    authorizationUsername: account.username,
    authorizationPassword: account.password,
    displayName: account.displayName,
    transportOptions: { server: `ws://${host}:${port}/`, connectionTimeout: 10 },
    // A proxy that has parked the call must not hear of it twice: the app rejects or answers once.
    noAnswerTimeout: 180,
    logBuiltinEnabled: false,
    sessionDescriptionHandlerFactory: mediaFactory,
    delegate: {
      onInvite: (invitation) => onInvite(inviteOf(invitation)),
      onDisconnect: disconnected,
    },
  });
  // Push parameters are for the registrar alone (RFC 8599 section 4.1); sip.js would put them into every Contact.
  const plainContact = userAgent.contact.toString;
  userAgent.contact.toString = (how = {}) => {
    const contact = plainContact(how);
    if (how.register !== true) return contact;
    const params = Object.entries(push())
      // A log-out does not name the token (section 4.1.2).
      .filter(([name]) => !isClosed || name !== "pn-prid")
      .map(([name, value]) => `;${name}=${value}`);
    return contact.replace(/>/, `${params.join("")}>`);
  };

  /** What was asked over that connection is never answered. */
  function disconnected() {
    attempt = undefined;
    registerer = undefined;
    if (!isClosed) setTimeout(() => void register(), RECONNECT_MS);
  }

  /** A binding refresh where the app is registered already (RFC 8599 section 4.1.3). */
  async function register() {
    if (isClosed) return;
    if (attempt !== undefined) {
      wantsAgain = true;
      return;
    }
    const own = {};
    attempt = own;
    wantsAgain = false;
    const outcome = await sendRegister().catch(() => "failed");
    if (attempt !== own) return;
    attempt = undefined;
    onRegistration(outcome);
    if (wantsAgain) await register();
  }

  async function sendRegister() {
    if (!userAgent.isConnected())
      await (userAgent.state === UserAgentState.Started ? userAgent.reconnect() : userAgent.start());
    registerer ??= new Registerer(userAgent, { regId: 1, instanceId: account.instanceId, expires: 600 });
    return await new Promise((resolve, reject) => {
      const requestDelegate = {
        onAccept: () => resolve("accepted"),
        onReject: ({ message }) => resolve(registrationOutcome(message.statusCode)),
      };
      registerer.register({ requestDelegate }).catch(reject);
    });
  }

  return {
    register,
    /** What was asked before it went may never be answered, nor the connection be alive: that shows with the next request. */
    networkIsBack() {
      attempt = undefined;
      registerer = undefined;
      void register();
    },
    get isRegistered() {
      return registerer?.state === RegistererState.Registered;
    },
    /** Log-out: the binding is removed, then the connection ends. */
    async logOut() {
      isClosed = true;
      if (registerer?.state === RegistererState.Registered)
        await new Promise((resolve) => {
          registerer
            .unregister({ requestDelegate: { onAccept: resolve, onReject: resolve } })
            .catch(() => resolve(undefined));
        });
      await userAgent.stop();
    },
  };
}

/** A call that comes in, in the words of `calls.js`. */
function inviteOf(invitation) {
  let onEnd = () => {};
  let acknowledged = () => {};
  let why = "remote";
  // The hold that is wanted, the one the caller was told of last, and whether that is under way.
  let wanted = false;
  let told = false;
  let isTelling = false;

  invitation.delegate = {
    onAck: () => acknowledged(),
    onCancel: (cancel) => {
      why = cancelReason(cancel.request.getHeader("Reason"));
    },
  };
  invitation.stateChange.addListener((state) => {
    if (state === SessionState.Terminated) onEnd(why);
  });

  /** One re-INVITE after the other. */
  function tell() {
    if (isTelling || wanted === told) return;
    isTelling = true;
    told = wanted;
    const finished = () => {
      isTelling = false;
      tell();
    };
    const requestDelegate = { onAccept: finished, onReject: finished };
    invitation.invite({ sessionDescriptionHandlerOptions: { hold: told }, requestDelegate }).catch(() => {});
  }

  const { request, remoteIdentity } = invitation;
  return {
    callId: request.callId,
    handle: remoteIdentity.uri.user ?? remoteIdentity.uri.toString(),
    callerName: remoteIdentity.displayName ?? "",
    hasVideo: /^m=video [1-9]/m.test(request.body ?? ""),
    // 180 (Ringing) leaves by itself only where an application asks for it.
    ring: () => void invitation.progress().catch(() => {}),
    /** Settled once the caller has confirmed it. */
    answer: () =>
      new Promise((resolve, reject) => {
        acknowledged = resolve;
        invitation.accept().catch(reject);
      }),
    /** Rejects it, or hangs up where it was answered. */
    end(statusCode) {
      const isAnswered = invitation.state === SessionState.Established;
      (isAnswered ? invitation.bye() : invitation.reject({ statusCode })).catch(() => {});
    },
    hold(onHold) {
      wanted = onHold;
      tell();
    },
    onEnd: (listener) => {
      onEnd = listener;
    },
  };
}

/** A session description handler of sip.js, over the media engine. */
function mediaFactory() {
  /** An offer of the caller's that waits for its answer. */
  let offered;
  let local;
  let isOffering = false;
  return {
    close() {},
    hasDescription: (type) => type === "application/sdp",
    async getDescription({ hold = false } = {}) {
      isOffering = offered === undefined;
      if (!isOffering) local = answerTo(offered);
      else local = local === undefined ? offer() : nextOffer(local, hold);
      offered = undefined;
      return { body: local, contentType: "application/sdp" };
    },
    async setDescription(sdp) {
      if (!isOffering) offered = sdp;
      isOffering = false;
    },
    holdModifier: async (description) => description,
    rollbackDescription: async () => {},
    sendDtmf: () => false,
  };
}
