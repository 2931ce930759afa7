// SIP over WebSocket with JsSIP, with the same face as the one on sip.js.
/* oxlint-disable no-underscore-dangle -- JsSIP has no option for what is needed here */
import JsSIP from "jssip";
import { cancelReason } from "../../react-native-callkeep/app/cancel-reason";
import { registrationOutcome } from "../../react-native-callkeep/app/registration-outcome";

export function createSipPhone({ account, push, onInvite, onRegistration }) {
  const { host, port } = account.registrar;
  let isClosed = false;
  const ua = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(`ws://${host}:${port}/`)],
    uri: account.aor,
    authorization_user: account.username,
    password: account.password,
    display_name: account.displayName,
    instance_id: account.instanceId,
    register: false,
    register_expires: 600,
    session_timers: false,
    no_answer_timeout: 180,
    connection_recovery_min_interval: 1,
  });
  const registrator = ua.registrator();
  let plainContact;

  ua.on("connected", () => void register());
  ua.on("registered", () => onRegistration("accepted"));
  ua.on("registrationFailed", ({ response }) =>
    onRegistration(response === null ? "failed" : registrationOutcome(response.status_code)),
  );
  ua.on("newRTCSession", ({ session, request, originator }) => {
    if (originator === "remote") onInvite(inviteOf(session, request));
  });

  /** A binding refresh where the app is registered already (RFC 8599 section 4.1.3). */
  async function register() {
    if (isClosed) return;
    if (!ua.isConnected()) return ua.start();
    // JsSIP drops what is asked of it meanwhile, such as the registration of a new token.
    if (registrator._registering) return void setTimeout(() => void register(), 100);
    // Push parameters belong into the URI of the Contact of a REGISTER (RFC 8599 section 4.1), for which JsSIP has no option.
    plainContact ??= registrator._contact;
    const params = Object.entries(push()).map(([name, value]) => `;${name}=${value}`);
    registrator._contact = plainContact.replace(">", `${params.join("")}>`);
    registrator.register();
  }

  return {
    register,
    /** What was asked before it went may never be answered, nor the connection be alive: that shows with the next request. */
    networkIsBack() {
      registrator.onTransportClosed();
      void register();
    },
    get isRegistered() {
      return ua.isRegistered();
    },
    async logOut() {
      isClosed = true;
      // Without the token (RFC 8599 section 4.1.2).
      if (plainContact !== undefined) registrator._contact = plainContact;
      if (ua.isRegistered())
        await new Promise((resolve) => {
          ua.once("unregistered", resolve);
          ua.unregister();
        });
      ua.stop();
    },
  };
}

/** A call that comes in, in the words of `calls.js`. JsSIP sends 180 by itself once its event was handled. */
function inviteOf(session, request) {
  let onEnd = () => {};
  const { uri, display_name: callerName } = session.remote_identity;
  session.on("failed", ({ originator, message }) => {
    if (originator !== "remote") return;
    onEnd(message?.method === "CANCEL" ? cancelReason(message.getHeader("Reason")) : "remote");
  });
  session.on("ended", ({ originator }) => {
    if (originator === "remote") onEnd("remote");
  });
  // The hold that is wanted, and whether the caller is being told of one.
  let wanted = false;
  let isTelling = false;

  /** One re-INVITE after the other. */
  function tell() {
    if (isTelling || wanted === session.isOnHold().local) return;
    isTelling = (wanted ? session.hold : session.unhold).call(session, {}, () => {
      isTelling = false;
      tell();
    });
  }

  return {
    callId: request.call_id,
    handle: uri.user ?? uri.toString(),
    callerName: callerName ?? "",
    hasVideo: /^m=video [1-9]/m.test(request.body ?? ""),
    ring: () => {},
    /** Settled once the caller has confirmed it. */
    answer: () =>
      new Promise((resolve, reject) => {
        session.on("confirmed", () => resolve());
        session.on("failed", ({ cause }) => reject(new Error(cause)));
        session.answer({ mediaConstraints: { audio: true, video: false } });
      }),
    /** Rejects it, or hangs up where it was answered. */
    end(status_code) {
      if (!session.isEnded()) session.terminate(session.isEstablished() ? {} : { status_code });
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
