import type { Timers } from "../timers.ts";
import type { Calls, CallScreen } from "./calls.ts";
import type { ClientOptions } from "./client-options.ts";
import type { Answer, Params, Reply } from "./json-rpc.ts";
import type { LinkProfile } from "./link-profile.ts";

/** The half of the app that belongs to one platform. */
export interface PlatformApp {
  readonly screen: CallScreen;
  /** A callback of the operating system. */
  handle(method: string, params: Params, answer: (answer: Answer) => void): void;
}

/** What it needs of the process it runs in. */
export interface PlatformHost {
  readonly options: ClientOptions;
  readonly profile: LinkProfile;
  readonly timers: Timers;
  readonly calls: () => Calls;
  request(method: string, params: Params, onReply?: (reply: Reply) => void): void;
  tokenIssued(token: string): void;
  tokenVoid(): void;
  /** A push was handed over: REGISTER is due (RFC 8599 section 4.1.3). */
  pushed(): void;
  /** The next 2xx to a REGISTER. */
  onceRegistered(run: () => void): void;
  /** A fault may say something here that breaks the contract. */
  garble(): void;
}
