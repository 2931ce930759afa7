/** What the simulated push service saw and did. A push is named by `push`, unique within a run. */
export type PushEvent =
  | {
      readonly kind: "push.request";
      readonly service: "apns" | "fcm";
      readonly push: string;
      readonly connection: string;
      readonly method: string;
      readonly path: string;
      /** As received: order and repetition kept, names in lower case. `authorization` is kept as what it claims only, never the token. */
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly body: Uint8Array;
      /** The device token it names (in the path, or in FCM's `message.token`); absent when it names none. */
      readonly token?: string;
    }
  | {
      readonly kind: "push.response";
      readonly service: "apns" | "fcm";
      readonly push: string;
      readonly status: number;
      readonly reason?: string;
      /** Milliseconds since the epoch, as 410 carries it: when the token became invalid. */
      readonly timestampMs?: number;
      /** FCM's `Retry-After`, in seconds. */
      readonly retryAfterS?: number;
      /** True when the plan asked for this answer, false when the vendor's rules gave it. */
      readonly scripted: boolean;
    }
  /** The stream was reset because the plan says so; there was no response. */
  | { readonly kind: "push.reset"; readonly service: "apns" | "fcm"; readonly push: string }
  /** The simulated operating system got it (`copy` counts from 1; more than one only where the plan duplicates). */
  | {
      readonly kind: "push.delivered";
      readonly push: string;
      readonly token: string;
      readonly copy: number;
      readonly payload: unknown;
      /** Android only: what FCM delivered it as, which is lower than what was asked for where the app is deprioritised. */
      readonly priority?: "high" | "normal";
    }
  /** Accepted and kept for later: the phone has no network, or Doze holds it. `replaces` names the stored push it took the place of. */
  | {
      readonly kind: "push.stored";
      readonly push: string;
      readonly token: string;
      readonly why: string;
      readonly replaces?: string;
    }
  | { readonly kind: "push.dropped"; readonly push: string; readonly token: string; readonly why: string };
