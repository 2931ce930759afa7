import type { Clock } from "../../harness/clock/clock.ts";
import type { Profile } from "../../harness/trace/run-facts.ts";
import type { LinkAccount } from "../../mocks/device-link/messages.ts";
import {
  listenForMockDevices,
  startMockDevices,
  type DeviceEvent,
  type DeviceWorld,
  type MockDevices,
} from "../../mocks/standalone/mock-devices.ts";
import { packageVersion } from "../package-version.ts";
import type { StartedMocks } from "./mock-files.ts";

export interface DeviceOptions {
  readonly mocks: StartedMocks;
  /** `<bundle id>.voip` */
  readonly topic: string;
  readonly clock: Clock;
  readonly profile: Profile;
  readonly account: LinkAccount | null;
  readonly onEvent: (event: DeviceEvent) => void;
}

/**
 * Starts the adapter that the command names, or listens for apps where it names none.
 *
 * @throws TargetError for an adapter that cannot be driven
 */
export async function startDevices(
  [program, ...args]: readonly string[],
  { mocks: { apns, fcm }, topic, ...options }: DeviceOptions,
  signal: AbortSignal,
): Promise<MockDevices> {
  const world: DeviceWorld = {
    ...options,
    harness: { name: "ringtrue", version: packageVersion },
    // RFC 8599 sections 6.1 and 6.2: team id and topic for apns, project id for fcm.
    push: {
      ...(apns === undefined
        ? {}
        : {
            ios: {
              provider: "apns",
              param: `${apns.credentials.teamId}.${topic}`,
              issueToken: () => apns.issueToken({ topic }),
            },
          }),
      ...(fcm === undefined
        ? {}
        : { android: { provider: "fcm", param: fcm.credentials.projectId, issueToken: () => fcm.issueToken() } }),
    },
  };
  return program === undefined
    ? await listenForMockDevices(world)
    : await startMockDevices(world, [program, ...args], signal);
}
