import { z } from "zod";
import { nothing, toApp, toldByApp } from "./message-definition.ts";

/** The version of the contract; `initialize` agrees on it. */
export const PROTOCOL = "ringtrue.device/1";

const platform = z.enum(["ios", "android"]);
const transport = z.enum(["udp", "tcp", "tls", "ws"]);
const pointer = z
  .union([z.string(), z.object({ ios: z.string(), android: z.string() })])
  .describe("JSON pointer (RFC 6901) into the PushKit payload and into FCM's message.data, or one for each")
  .exactOptional();

/** The vendor dialect the app has to speak (DEVICE-LINK section 1); a real app may ignore it. */
export const linkProfile = z.object({
  id: z.string(),
  payload: z.object({
    callUUID: pointer,
    callId: pointer,
    hint: pointer,
    handle: pointer,
    callerName: pointer,
    video: pointer,
  }),
  correlation: z.object({ sip: z.string().describe('"call-id", or the name of a header field') }),
  registration: z.object({
    contactParams: z
      .record(z.string(), z.string())
      .describe('Values are literal or "<token>", "<provider>", "<param>"')
      .exactOptional(),
    header: z.object({ name: z.string(), value: z.string() }).exactOptional(),
  }),
  cancelByPush: z.union([z.literal(false), z.object({ pointer: z.string(), value: z.string() })]),
  answerFulfil: z.enum(["connected", "at-once"]),
});

/** The SIP account of a device, and where it registers. */
export const account = z.object({
  aor: z.string().describe("sip:user@domain"),
  username: z.string(),
  password: z.string(),
  displayName: z.string(),
  registrar: z.object({
    transport,
    host: z.string(),
    port: z.int().min(1).max(65_535),
    domain: z.string(),
  }),
});

/** DEVICE-LINK sections 1 and 2: the link itself, and the life of a simulated app's process. */
export const processMessages = {
  initialize: {
    from: "harness",
    kind: "request",
    title: "The first message",
    params: z.object({
      protocol: z.literal(PROTOCOL),
      harness: z.object({ name: z.string(), version: z.string() }),
      profile: linkProfile,
    }),
    result: z.object({
      protocol: z.string().describe(PROTOCOL),
      app: z.object({ name: z.string(), version: z.string(), vendor: z.string().exactOptional() }),
      platforms: z.array(platform).min(1),
      transports: z.array(transport).min(1),
      maxDevices: z.int().min(1).describe("Devices launched at the same time; absent: no limit").exactOptional(),
      telecom: z.enum(["self-managed", "managed", "core", "none"]).exactOptional(),
      features: z.array(z.string()).describe("outgoing, video, ...").exactOptional(),
    }),
  },
  "device.launch": toApp("A new process; answered once its launch code has run", {
    platform,
    reason: z.enum(["user", "push", "boot"]),
    osVersion: z.string(),
    account: account.nullable(),
    push: z
      .object({ provider: z.string(), param: z.string() })
      .describe("What pn-provider and pn-param, or the profile's fields, must say"),
  }),
  "device.terminate": toApp("Process death: memory is gone, sockets vanish without a farewell, files stay", {
    reason: z.string(),
  }),
  "device.suspend": toApp("No code runs until a callback of the operating system", {}),
  "device.background": toApp("The app is out of sight and runs", {}),
  "device.foreground": toApp("The app is in sight; it registers when it is not registered", {}),
  "network.changed": toApp("The notice only: RingTrue itself drops the packets", {
    reachable: z.boolean(),
    interface: z.string().describe("wifi, cellular, ...").exactOptional(),
  }),
  "account.changed": toApp("Log-out (null), or another user", { account: account.nullable() }),
  "device.died": toldByApp("A simulated app crashed; its open requests count as answered with -32001", {
    message: z.string(),
  }),
} as const;

/** The result of a request that has none. */
export type Nothing = z.infer<typeof nothing>;
