import { startB2bua } from "../b2bua.ts";
import type { Fault, ServerName } from "../faults.ts";
import { startHoldingProxy } from "../holding-proxy.ts";
import { startParallelProxy } from "../parallel-proxy.ts";
import { plainProfile, type Profile } from "../profile.ts";
import type { RunningServer } from "../server-options.ts";
import { type FakeApns, openFakeApns } from "./fake-apns.ts";
import { type FakeFcm, openFakeFcm } from "./fake-fcm.ts";
import { openEndpoint, type RawEndpoint } from "./raw-endpoint.ts";

/** One server, its push services, and the endpoints a test opens. */
export interface ReferenceWorld {
  readonly apns: FakeApns;
  readonly fcm: FakeFcm;
  readonly server: RunningServer;
  /** How often the server wanted to end its process. */
  readonly crashes: () => number;
  endpoint(transport: "udp" | "tcp"): Promise<RawEndpoint>;
  close(): Promise<void>;
}

export const HOLD_MS = 700;

const starters = {
  "holding-proxy": startHoldingProxy,
  "parallel-proxy": startParallelProxy,
  b2bua: startB2bua,
} as const;

export async function openReferenceWorld(
  name: ServerName,
  fault: Fault = "none",
  profile: Profile = plainProfile,
  holdMs = HOLD_MS,
): Promise<ReferenceWorld> {
  const [apns, fcm] = await Promise.all([openFakeApns(), openFakeFcm()]);
  let crashes = 0;
  const server = await starters[name]({
    listen: { host: "127.0.0.1", port: 0 },
    fault,
    holdMs,
    domain: "example.test",
    profile,
    apns: apns.settings,
    fcm: fcm.settings,
    crash: () => {
      crashes += 1;
    },
  });
  const endpoints: RawEndpoint[] = [];
  return {
    apns,
    fcm,
    server,
    crashes: () => crashes,
    endpoint: async (transport) => {
      const opened = await openEndpoint(transport, server);
      endpoints.push(opened);
      return opened;
    },
    close: async () => {
      for (const one of endpoints) one.close();
      await server.close();
      await Promise.all([apns.close(), fcm.close()]);
    },
  };
}
