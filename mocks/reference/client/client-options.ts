import type { ClientFault } from "./faults.ts";
import type { FlowHandlers, Registrar, SipFlow } from "./sip-flow.ts";

/** When the answer action of CallKit is fulfilled: once the call is connected, or at once. */
export type AnswerFulfil = "connected" | "at-once";

/** Which of Telecom's interfaces the app uses on Android. */
export type TelecomStyle = "self-managed" | "core" | "none";

/** What the app is like; the same for every phone it runs on. */
export interface ClientOptions {
  readonly answerFulfil: AnswerFulfil;
  readonly telecom: TelecomStyle;
  /** How long a pushed call waits for its INVITE. */
  readonly inviteWaitMs: number;
  readonly fault: ClientFault;
  /** Whom to trust on TLS, PEM; undefined: the certificates Node knows. */
  readonly ca: string | undefined;
  /** Connects to a registrar where there are no sockets. @default over the network */
  readonly openFlow?: (registrar: Registrar, handlers: FlowHandlers) => SipFlow;
}
