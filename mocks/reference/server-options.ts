import type { ApnsSettings } from "./apns-client.ts";
import type { Fault } from "./faults.ts";
import type { FcmSettings } from "./fcm-client.ts";
import type { Profile } from "./profile.ts";

/** What a reference server is started with. */
export interface ServerOptions {
  /** Port 0: any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly fault: Fault;
  /** How long a caller waits for a sleeping phone, in milliseconds. */
  readonly holdMs: number;
  /** The domain of the accounts; absent: any. */
  readonly domain: string | undefined;
  readonly profile: Profile;
  readonly apns: ApnsSettings;
  /** Absent: there are no Android phones. */
  readonly fcm: FcmSettings | undefined;
  /** Ends the process (only a fault does). */
  readonly crash: () => void;
}

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}
