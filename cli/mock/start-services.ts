import { startApnsMock } from "../../mocks/standalone/apns-mock.ts";
import { startFcmMock } from "../../mocks/standalone/fcm-mock.ts";
import { given } from "../../mocks/standalone/given.ts";
import type { MockWorld } from "../../mocks/standalone/mock-world.ts";
import type { MockListeners } from "../../mocks/standalone/push-mock.ts";
import type { StartedMocks } from "./mock-files.ts";
import type { Mockable, MockOptions } from "./mock-options.ts";

/**
 * Starts the push services that were asked for, or both.
 *
 * @param onStarted is told each one's end as soon as it is up
 * @throws UsageError where one cannot listen
 */
export async function startServices(
  services: readonly Mockable[],
  options: MockOptions,
  listeners: MockListeners,
  world: MockWorld,
  onStarted: (close: () => Promise<void>) => void,
): Promise<StartedMocks> {
  const named = services.filter((service) => service !== "device");
  const { bind, advertise, strict, bundleId: bundleIds } = options;
  const shared = { bind, ...given({ advertise, strict }), ...listeners };
  let started: StartedMocks = {};
  if (named.length === 0 || named.includes("apns")) {
    const environment = options.sandbox === true ? "sandbox" : "production";
    const own = { environment, ...given({ port: options.portApns, bundleIds }) } as const;
    const apns = await startApnsMock(
      { ...shared, ...own },
      { ...world, portField: options.portApns === undefined ? "--bind" : "--port-apns" },
    );
    onStarted(() => apns.close());
    started = { ...started, apns };
  }
  if (named.length === 0 || named.includes("fcm")) {
    const { portFcm: port, projectId, calls } = options;
    const own = given({ port, projectId, packageName: bundleIds?.[0], calls });
    const fcm = await startFcmMock(
      { ...shared, ...own },
      { ...world, portField: port === undefined ? "--bind" : "--port-fcm" },
    );
    onStarted(() => fcm.close());
    started = { ...started, fcm };
  }
  return started;
}
