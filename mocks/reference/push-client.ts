import { createApnsClient } from "./apns-client.ts";
import { createFcmClient } from "./fcm-client.ts";
import type { PushedCall } from "./push-payload.ts";
import {
  NO_ANSWER,
  type Patience,
  type Provider,
  type PushResult,
  type PushService,
  type PushTarget,
} from "./push-service.ts";
import type { ServerOptions } from "./server-options.ts";

/** Sends pushes to phones of every kind. */
export interface PushClient {
  /** The services it has credentials for. */
  readonly providers: readonly Provider[];
  /** Sends a push for a call; never rejects. Not accepted where there are no credentials for the phone's service. */
  push(to: PushTarget, call: PushedCall, patience: Patience): Promise<PushResult>;
  close(): void;
}

/** Throws when a key or certificate file cannot be read. */
export function createPushClient({
  apns,
  fcm,
  profile,
  fault,
}: Pick<ServerOptions, "apns" | "fcm" | "profile" | "fault">): PushClient {
  const services = new Map<Provider, PushService>([["apns", createApnsClient(apns, profile, fault)]]);
  if (fcm !== undefined) services.set("fcm", createFcmClient(fcm, profile, fault));
  return {
    providers: [...services.keys()],
    push: async ({ provider, token }, call, patience) =>
      (await services.get(provider)?.push(token, call, patience)) ?? NO_ANSWER,
    close: () => {
      for (const service of services.values()) service.close();
    },
  };
}
