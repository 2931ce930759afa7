/** What `ringtrue mock` can start. */
export const mockable = ["apns", "fcm", "device"] as const;
export type Mockable = (typeof mockable)[number];

/** The options of `ringtrue mock`, as the command line gives them. */
export interface MockOptions {
  readonly json?: boolean;
  readonly bind: string;
  readonly advertise?: string;
  readonly portApns?: number;
  readonly portFcm?: number;
  readonly adminPort?: number;
  readonly bundleId?: readonly string[];
  readonly projectId?: string;
  readonly sandbox?: boolean;
  readonly calls?: boolean;
  readonly strict?: boolean;
  /** `TOKEN=ANSWER` */
  readonly answer?: readonly string[];
  readonly directory?: string;
  readonly redirect?: boolean;
  readonly profile: string;
  /** JSON file with the account apps are launched with. */
  readonly account?: string;
}

export const mockHelp = `
Answers (--answer TOKEN=ANSWER, any=ANSWER, with *N for N times): an APNs
reason, an FCM error code, STATUS:REASON, reset, no-answer, delay:MS,
goaway:REASON, sticky-429, refuse-stream, idle-close, goaway-too-many-streams.

  ringtrue mock device -- node my-adapter.js    hands pushes to apps`;
