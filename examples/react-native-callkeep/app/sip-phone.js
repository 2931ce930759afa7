// SIP over WebSocket with sip.js.
import { Registerer, RegistererState, SessionState, TransportState, UserAgent } from "sip.js";
import { cancelReason } from "./cancel-reason";
import { answerTo, offer } from "./media";

/**
 * `onInvite(invite)` is called for every call that comes in; `onRegistration(isUp)` when a REGISTER was answered or failed.
 * `push()` gives the parameters that belong into the Contact of a REGISTER.
 */
export function createSipPhone({ account, push, onInvite, onRegistration }) {
  const { host, port } = account.registrar;
  let isClosed = false;
  let isRegistering = false;
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
      onDisconnect: () => void reconnect(),
    },
  });
  // Push parameters are for the registrar alone (RFC 8599 section 4.1); sip.js would put them into every Contact.
  const plainContact = userAgent.contact.toString;
  userAgent.contact.toString = (how = {}) => {
    const contact = plainContact(how);
    if (how.register !== true) return contact;
    const params = Object.entries(push()).map(([name, value]) => `;${name}=${value}`);
    return contact.replace(/>/, `${params.join("")}>`);
  };

  async function reconnect() {
    registerer = undefined;
    if (isClosed) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
    if (!isClosed) await register();
  }

  /** A binding refresh where the app is registered already (RFC 8599 section 4.1.3). */
  async function register() {
    if (isClosed) return;
    if (isRegistering) {
      wantsAgain = true;
      return;
    }
    isRegistering = true;
    wantsAgain = false;
    try {
      if (!userAgent.isConnected())
        await (userAgent.transport.state === TransportState.Disconnected ? userAgent.start() : userAgent.reconnect());
      registerer ??= new Registerer(userAgent, { regId: 1, instanceId: account.instanceId, expires: 600 });
      await new Promise((resolve) => {
        registerer
          .register({
            requestDelegate: {
              onAccept: () => resolve(onRegistration(true)),
              onReject: () => resolve(onRegistration(false)),
            },
          })
          .catch(() => resolve(onRegistration(false)));
      });
    } catch {
      onRegistration(false);
    } finally {
      isRegistering = false;
    }
    if (wantsAgain) await register();
  }

  return {
    register,
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
  let why = "remote";
  invitation.delegate = {
    onCancel: (cancel) => {
      why = cancelReason(cancel.request.getHeader("Reason"));
    },
  };
  invitation.stateChange.addListener((state) => {
    if (state === SessionState.Terminated) onEnd(why);
  });
  const { request, remoteIdentity } = invitation;
  // 180 (Ringing) leaves by itself only where an application asks for it.
  return {
    callId: request.callId,
    handle: remoteIdentity.uri.user ?? remoteIdentity.uri.toString(),
    callerName: remoteIdentity.displayName ?? "",
    hasVideo: /^m=video [1-9]/m.test(request.body ?? ""),
    ring: () => void invitation.progress().catch(() => {}),
    answer: () => invitation.accept(),
    reject: (statusCode) => void invitation.reject({ statusCode }).catch(() => {}),
    hangUp: () => void invitation.bye().catch(() => {}),
    onEnd: (listener) => {
      onEnd = listener;
    },
  };
}

/** A session description handler of sip.js, over the media engine. */
function mediaFactory() {
  let remote;
  return {
    close() {},
    hasDescription: (type) => type === "application/sdp",
    getDescription: async () => ({
      body: remote === undefined ? offer() : answerTo(remote),
      contentType: "application/sdp",
    }),
    async setDescription(sdp) {
      remote = sdp;
    },
    holdModifier: async (description) => description,
    rollbackDescription: async () => {},
    sendDtmf: () => false,
  };
}
