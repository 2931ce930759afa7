import { z } from "zod";

const text = z.string().min(1, "must not be empty");
const milliseconds = z.number().finite().nonnegative();
const id = z.string().regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, "must be an id such as flow/no-cancel-push");
const isoDate = z.iso.date().or(z.iso.datetime());

/** The value, or a function of the world that makes it; what a function returns is not known before the run. */
function fromWorld<T extends z.ZodType>(schema: T) {
  return z.custom<(world: never) => z.infer<T>>((value) => typeof value === "function").or(schema);
}

const record = z.record(z.string(), z.string());
const timeoutMs = milliseconds.optional();
const readiness = z.union(
  [
    z.strictObject({ sip: text, timeoutMs }),
    z.strictObject({ tcp: text, timeoutMs }),
    z.strictObject({ log: text.or(z.instanceof(RegExp)), timeoutMs }),
    z.strictObject({ http: z.url(), timeoutMs }),
  ],
  { error: "must be one of { sip }, { tcp }, { log }, { http }, with or without timeoutMs" },
);

const whatStartsIt =
  "must be processTarget({...}), remoteTarget({...}) or moduleTarget({...}), in JSON an object whose kind is process, remote or module";
const start = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({
      kind: z.literal("process"),
      command: text,
      args: fromWorld(z.array(z.string())).optional(),
      files: fromWorld(record).optional(),
      env: fromWorld(record).optional(),
      ready: fromWorld(readiness).optional(),
      cwd: text.optional(),
      link: z.enum(["stdio", "websocket"]).optional(),
    }),
    z.strictObject({
      kind: z.literal("remote"),
      ready: fromWorld(readiness).optional(),
      link: z.literal("websocket").optional(),
    }),
    z.strictObject({
      kind: z.literal("module"),
      module: text.or(z.instanceof(URL)),
      export: text.optional(),
      workers: z.number().int().positive().optional(),
    }),
  ],
  { error: whatStartsIt },
);

const features = z.strictObject({
  platforms: z
    .array(z.enum(["ios", "android"]))
    .min(1)
    .optional(),
  transports: z
    .array(z.enum(["udp", "tcp", "tls", "ws"]))
    .min(1)
    .optional(),
  kind: z.enum(["proxy", "b2bua"]).optional(),
  wake: z.enum(["when-disconnected", "always"]).optional(),
  delivery: z.enum(["hold", "parallel"]).optional(),
  progress: z.enum(["end-to-end", "early-media", "answers-first"]).optional(),
  fallback: z.enum(["none", "divert"]).optional(),
  video: z.boolean().optional(),
  multipleDevices: z.boolean().optional(),
  concurrentCalls: z.boolean().optional(),
  digest: z.boolean().optional(),
  pushRetry: z.boolean().optional(),
  minExpiresS: z.number().positive().optional(),
  deadFlowDetectionMs: milliseconds.optional(),
});

const pointer = z.string().startsWith("/", "must be a JSON pointer such as /callId");
const payloadPointer = pointer.or(z.strictObject({ ios: pointer, android: pointer })).optional();

const profile = text.or(
  z.strictObject({
    extends: text,
    id: text.optional(),
    payload: z
      .strictObject({
        callUUID: payloadPointer,
        callId: payloadPointer,
        hint: payloadPointer,
        handle: payloadPointer,
        callerName: payloadPointer,
        video: payloadPointer,
      })
      .optional(),
    correlation: z.strictObject({ sip: text }).optional(),
    registration: z
      .strictObject({
        contactParams: record.optional(),
        header: z.strictObject({ name: text, value: text }).optional(),
      })
      .optional(),
    cancelByPush: z
      .literal(false)
      .or(z.strictObject({ pointer, value: z.string() }))
      .optional(),
    answerFulfil: z.enum(["connected", "at-once"]).optional(),
    tokenLifetime: z.enum(["binding", "until-unregistered"]).optional(),
    limits: z
      .strictObject({ apnsExpirationMaxS: milliseconds.optional(), fcmTtlMaxS: milliseconds.optional() })
      .optional(),
  }),
);

const account = z.strictObject({
  aor: z.string().regex(/^sips?:[^@\s]+@[^@\s]+$/, "must be an address of record such as sip:ada@example.test"),
  username: text,
  password: z.string().optional(),
});

const port = z.number().int().min(1).max(65_535);

/** Everything a config may hold, and nothing else. What it allows may still be more than this version does. */
export const configSchema = z.strictObject({
  target: z.strictObject({
    name: text,
    version: text,
    vendor: text.optional(),
    contact: text.optional(),
    role: z.enum(["server", "client"]).optional(),
    profile: profile.optional(),
    features: features.optional(),
    start: z.union([start, z.array(start).min(1)], { error: whatStartsIt }),
    sip: z
      .strictObject({
        address: fromWorld(text.or(z.array(text).min(1))).optional(),
        domain: text.optional(),
        tls: z.strictObject({ caFile: text.optional(), serverName: text.optional() }).optional(),
        wsPath: z.string().startsWith("/", "must be a path such as /ws").optional(),
      })
      .optional(),
    media: z.enum(["rtp", "srtp", "webrtc"]).optional(),
    subscribers: z
      .discriminatedUnion(
        "kind",
        [
          z.strictObject({ kind: z.literal("generated") }),
          z.strictObject({ kind: z.literal("pool"), accounts: z.array(account).min(1) }),
        ],
        { error: "must be generatedSubscribers() or subscriberPool([...])" },
      )
      .optional(),
    callers: z.strictObject({ register: z.boolean().optional() }).optional(),
    registerDevice: z.unknown().optional(),
  }),
  world: z
    .strictObject({
      bind: text.optional(),
      advertise: text.optional(),
      ports: z.strictObject({ apns: port.optional(), fcm: port.optional(), deviceLink: port.optional() }).optional(),
      ca: z.unknown().optional(),
      credentials: z.unknown().optional(),
    })
    .optional(),
  suite: z
    .strictObject({
      scenarios: z.array(text).min(1, "must name a scenario; leave it out for all").optional(),
      requirements: z.array(id).min(1, "must name a requirement; leave it out for all").optional(),
      runs: z.number().int().nonnegative().optional(),
      seed: z.number().int().min(-2_147_483_648).max(2_147_483_647).optional(),
      concurrency: z.number().int().positive().optional(),
      strict: z.boolean().optional(),
    })
    .optional(),
  deadlines: z
    .strictObject({
      appReactsMs: milliseconds.optional(),
      pushAfterInviteMs: milliseconds.optional(),
      inviteAfterRegisterMs: milliseconds.optional(),
      ringStopAfterHangupMs: milliseconds.optional(),
      finalResponseMs: milliseconds.optional(),
      absenceMs: milliseconds.optional(),
      inviteWaitMs: z.strictObject({ min: milliseconds, max: milliseconds }).optional(),
    })
    .optional(),
  os: z.record(z.string(), z.number().finite()).optional(),
  expectedFailures: z
    .array(
      z.strictObject({
        requirement: id,
        reason: text,
        expires: isoDate.optional(),
        scenario: text.optional(),
        platform: z.enum(["ios", "android"]).optional(),
        transport: z.enum(["udp", "tcp", "tls", "ws"]).optional(),
        mismatch: text.optional(),
      }),
    )
    .optional(),
  reports: z
    .strictObject({
      directory: text.optional(),
      formats: z.array(z.enum(["json", "html", "junit"])).optional(),
    })
    .optional(),
});
