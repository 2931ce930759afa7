import type { AppHost, SipConnection } from "ringtrue";
import {
  type Core,
  EmitterImpl,
  type Invitation,
  Registerer,
  RegistererState,
  SessionState,
  type Transport,
  TransportState,
  UserAgent,
  UserAgentState,
} from "sip.js";
import {
  callerOf,
  type Identity,
  type Leg,
  sdpFor,
  type Signalling,
  type SignallingEvents,
  whyCancelled,
} from "./signalling.ts";

const EXPIRES_S = 600;
/** As long as the caller may let it ring. */
const NO_ANSWER_S = 180;

/** The SIP side of the app on sip.js, which brings its own timers: in virtual time they are the simulated ones. */
export function sipJs(host: AppHost, identity: Identity, events: SignallingEvents): Signalling {
  const { account, instance, push } = identity;
  const invitations = new Map<Invitation, Leg>();
  let token: string | undefined;
  let isClosed = false;
  let isRegistering = false;
  let wantsAgain = false;
  let registerer: Registerer | undefined;

  const userAgent = new UserAgent({
    uri: UserAgent.makeURI(account.aor)!,
    contactName: account.username,
    contactParams: { transport: account.registrar.transport },
    transportConstructor: hostedTransport(host, account.registrar.transport),
    transportOptions: {},
    noAnswerTimeout: NO_ANSWER_S,
    // It rings once the phone does.
    sendInitialProvisionalResponse: false,
    logBuiltinEnabled: false,
    sessionDescriptionHandlerFactory: withoutMedia,
    delegate: { onInvite: (invitation) => invited(invitation) },
  });
  // Push parameters are for the registrar alone (RFC 8599 section 4.1); sip.js would put them into every Contact.
  const plainContact = userAgent.contact.toString;
  userAgent.contact.toString = (how = {}) => {
    const contact = plainContact(how);
    if (how.register !== true || token === undefined) return contact;
    return contact.replace(">", `;pn-provider=${push.provider};pn-param=${push.param};pn-prid=${token}>`);
  };

  function invited(invitation: Invitation): void {
    const { request } = invitation;
    let why: "remoteEnded" | "answeredElsewhere" | "declinedElsewhere" | "failed" = "remoteEnded";
    let isEndedByUs = false;
    const leg: Leg = {
      callId: request.callId,
      caller: callerOf(request.getHeader("From") ?? ""),
      video: /^m=video [1-9]/m.test(request.body),
      ring: () => quietly(invitation.progress()),
      accept: () =>
        quietly(
          invitation.accept().then(() => {
            if (invitation.state === SessionState.Established) leg.onConnected?.();
          }),
        ),
      end(status) {
        isEndedByUs = true;
        if (invitation.state === SessionState.Established) quietly(invitation.bye());
        else quietly(invitation.reject({ statusCode: status }));
      },
      hold: (onHold) =>
        quietly(invitation.invite({ sessionDescriptionHandlerOptions: { hold: onHold } as object }).then(() => {})),
    };
    invitation.delegate = { onCancel: (cancel) => void (why = whyCancelled(cancel.request.getHeader("Reason") ?? "")) };
    invitation.stateChange.addListener((state) => {
      if (state !== SessionState.Terminated) return;
      invitations.delete(invitation);
      if (!isEndedByUs) leg.onEnded?.(why);
    });
    invitations.set(invitation, leg);
    events.onInvite(leg);
  }

  async function register(): Promise<void> {
    if (isClosed) return;
    // RFC 3261 section 10.2: no REGISTER with another Contact while one is under way.
    wantsAgain = isRegistering;
    if (isRegistering) return;
    isRegistering = true;
    if (!userAgent.isConnected())
      await (userAgent.state === UserAgentState.Started ? userAgent.reconnect() : userAgent.start());
    registerer ??= new Registerer(userAgent, {
      regId: 1,
      instanceId: instance.replace("urn:uuid:", ""),
      expires: EXPIRES_S,
    });
    const sending = registerer;
    await new Promise<void>((resolve) => {
      const onReject = ({ message }: Core.IncomingResponse): void => {
        const { statusCode = 408 } = message;
        if (statusCode < 500 && statusCode !== 408) events.onRefused();
        resolve();
      };
      sending.register({ requestDelegate: { onAccept: () => resolve(), onReject } }).catch(() => resolve());
    });
    isRegistering = false;
    if (wantsAgain) await register();
  }

  async function stop(): Promise<void> {
    isClosed = true;
    await userAgent.stop();
  }

  return {
    register(withToken) {
      token = withToken;
      quietly(register());
    },
    reconnect(withToken) {
      token = withToken;
      // What rings came to an address that is the phone's no longer.
      for (const [{ state }, leg] of invitations) {
        if (state === SessionState.Established) continue;
        leg.end(480);
        leg.onEnded?.("failed");
      }
      if (isRegistering && registerer !== undefined) {
        // Its answer will not come any more, and it would wait for it.
        quietly(registerer.dispose());
        registerer = undefined;
      }
      isRegistering = false;
      quietly(userAgent.transport.disconnect().then(register));
    },
    unregister() {
      // RFC 8599 section 4.1.2.
      token = undefined;
      if (registerer?.state !== RegistererState.Registered) return quietly(stop());
      const leave = (): void => quietly(stop());
      registerer.unregister({ requestDelegate: { onAccept: leave, onReject: leave } }).catch(leave);
    },
    close() {
      // What sip.js still says is heard by nobody.
      (userAgent.transport as HostedTransport).die();
      quietly(stop());
    },
  };
}

interface HostedTransport extends Transport {
  /** No packet leaves any more, nor comes in. */
  die(): void;
}

/** A transport of sip.js that RingTrue carries. */
function hostedTransport(host: AppHost, transport: "udp" | "tcp" | "tls" | "ws"): new () => HostedTransport {
  return class implements HostedTransport {
    readonly protocol = transport.toUpperCase();
    readonly stateChange = new EmitterImpl<TransportState>();
    state: TransportState = TransportState.Disconnected;
    onConnect: (() => void) | undefined;
    onDisconnect: ((error?: Error) => void) | undefined;
    onMessage: ((message: string) => void) | undefined;
    #connection: SipConnection | undefined;
    #isDead = false;

    async connect(): Promise<void> {
      if (this.#connection !== undefined || this.#isDead) return;
      this.#set(TransportState.Connecting);
      const connection = host.sip.connect(transport);
      this.#connection = connection;
      connection.onMessage((bytes) => this.onMessage?.(Buffer.from(bytes).toString("utf8")));
      connection.onClose(() => this.#lost(connection));
      this.#set(TransportState.Connected);
      this.onConnect?.();
    }
    async disconnect(): Promise<void> {
      const connection = this.#connection;
      if (connection === undefined) return;
      connection.close();
      this.#lost(connection);
    }
    async send(message: string): Promise<void> {
      if (!this.#isDead) this.#connection?.send(message);
    }
    isConnected(): boolean {
      return this.state === TransportState.Connected;
    }
    async dispose(): Promise<void> {
      await this.disconnect();
    }
    die(): void {
      this.#isDead = true;
      this.onMessage = undefined;
      this.#connection?.close();
    }
    #lost(connection: SipConnection): void {
      if (connection !== this.#connection) return;
      this.#connection = undefined;
      this.#set(TransportState.Disconnected);
      this.onDisconnect?.();
    }
    #set(state: TransportState): void {
      this.state = state;
      this.stateChange.emit(state);
    }
  };
}

/** A session description handler of sip.js with no media engine behind it. */
function withoutMedia(): NonNullable<
  ReturnType<NonNullable<UserAgent["configuration"]>["sessionDescriptionHandlerFactory"]>
> {
  let remote = "";
  let version = 0;
  return {
    close() {},
    hasDescription: (type) => type === "application/sdp",
    async getDescription(options) {
      version += 1;
      const isHeld = (options as { readonly hold?: boolean } | undefined)?.hold === true;
      return { body: sdpFor(remote, version, isHeld ? "sendonly" : "sendrecv"), contentType: "application/sdp" };
    },
    async setDescription(sdp) {
      remote = sdp;
    },
    async rollbackDescription() {},
    sendDtmf: () => false,
  };
}

/** What cannot be done any more is nobody's business. */
function quietly(work: Promise<unknown>): void {
  work.catch(() => {});
}
