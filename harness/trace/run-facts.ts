import type { Platform, Transport } from "./trace-event.ts";

export type Role = "server" | "client";

/** What the target declares of itself; undeclared means not applicable. */
export interface Features {
  readonly platforms: readonly Platform[];
  readonly transports: readonly Transport[];
  /** `proxy`, or `b2bua` (own Call-ID per leg; may map status codes within their class). Proxy rules apply to proxies only. */
  readonly kind: "proxy" | "b2bua";
  /** `when-disconnected`: a push to a phone whose stream flow is up is a failure. `always`: not judged. */
  readonly wake: "when-disconnected" | "always";
  /** `hold`: no INVITE to the phone before its wake-up REGISTER. `parallel`: an INVITE to the old contact at once is legal. */
  readonly delivery: "hold" | "parallel";
  /** Which outcomes of the two legs may differ. */
  readonly progress: "end-to-end" | "early-media" | "answers-first";
  readonly fallback: "none" | "divert";
  readonly video: boolean;
  readonly multipleDevices: boolean;
  readonly concurrentCalls: boolean;
  readonly digest: boolean;
  /** The target sends a push again after 5xx, 429 or a reset. */
  readonly pushRetry: boolean;
  /** Shortest expiry it grants. Absent: plans with expired bindings are not applicable. */
  readonly minExpiresS?: number;
  /** How long it takes to see a half-dead flow. Absent: such plans are not applicable. */
  readonly deadFlowDetectionMs?: number;
}

/** A JSON pointer (RFC 6901) into a push payload, or one per platform. */
export type PayloadPointer = string | { readonly ios: string; readonly android: string };

/** A vendor dialect as data. The same pointers read what a server sends and write what a client gets. */
export interface Profile {
  readonly id: string;
  readonly payload: {
    readonly callUUID?: PayloadPointer;
    readonly callId?: PayloadPointer;
    readonly hint?: PayloadPointer;
    readonly handle?: PayloadPointer;
    readonly callerName?: PayloadPointer;
    readonly video?: PayloadPointer;
  };
  /** What ties the INVITE to its push: the Call-ID, a named header that equals the hint, or nothing but the caller. */
  readonly correlation: { readonly sip: string };
  readonly registration: {
    /** Contact URI parameters; values may hold `<token>`, `<provider>`, `<param>`. */
    readonly contactParams?: Readonly<Record<string, string>>;
    readonly header?: { readonly name: string; readonly value: string };
  };
  readonly cancelByPush: false | { readonly pointer: string; readonly value: string };
  readonly answerFulfil: "connected" | "at-once";
  readonly tokenLifetime: "binding" | "until-unregistered";
  readonly limits: { readonly apnsExpirationMaxS: number; readonly fcmTtlMaxS: number };
}

/** Which of Telecom's interfaces an Android app uses. */
export type TelecomStyle = "self-managed" | "managed" | "core" | "none";

/** Kind of the canned offer that INVITEs to a client target carry. */
export type Media = "rtp" | "srtp" | "webrtc";

/** What the adapter of a client target said of itself in `initialize`. */
export interface AppFacts {
  readonly name: string;
  readonly version: string;
  readonly vendor?: string;
  readonly telecom: TelecomStyle;
  /** Devices launched at once, at most; absent: no limit. */
  readonly maxDevices?: number;
  readonly features: readonly string[];
}

/** Every limit a judge measures against, in milliseconds. */
export interface Deadlines {
  /** Client role: how long an app may take for what follows at once, such as REGISTER after a push or BYE after the user hung up. */
  readonly appReactsMs: number;
  readonly pushAfterInviteMs: number;
  readonly inviteAfterRegisterMs: number;
  readonly ringStopAfterHangupMs: number;
  readonly finalResponseMs: number;
  readonly absenceMs: number;
  readonly inviteWaitMs: { readonly min: number; readonly max: number };
}

/** What is true of a run before it starts; it stands in every trace's header. */
export interface RunFacts {
  readonly role: Role;
  readonly target: { readonly name: string; readonly version: string; readonly vendor?: string };
  readonly profile: Profile;
  readonly features: Features;
  readonly deadlines: Deadlines;
  /** Every number of the simulated phones. */
  readonly os: Readonly<Record<string, number>>;
  readonly clock: "live" | "virtual";
  /** Epoch milliseconds that `atMs` 0 stands for: to read expirations and `iat` against. */
  readonly epochMs: number;
  /** What the simulated push service expects: topic of the app (bundle id with `.voip`), team and key. */
  readonly apns: { readonly topic: string; readonly teamId: string; readonly keyId: string };
  /** What the simulated FCM expects: the project, and the package name of the app. */
  readonly fcm: { readonly projectId: string; readonly packageName: string };
  /** Where the target listens, as configured (client role: where RingTrue does), and the domain. */
  readonly sip: { readonly addresses: readonly string[]; readonly domain: string };
  /** Client role only, and once the adapter is open. */
  readonly app?: AppFacts;
  /** Client role only. */
  readonly media?: Media;
}
