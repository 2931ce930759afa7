import type { ApnsRule } from "../apns-rule.ts";
import { REQUESTS, RESPONSES } from "./sources.ts";

/** Apple: "Don't make assumptions about device token size." */
export const deviceTokenRules: readonly ApnsRule[] = [
  {
    id: "apns/device-token",
    mismatch: "token-not-hex",
    class: "R",
    status: 400,
    reason: "BadDeviceToken",
    source: `${REQUESTS}, :path: the hexadecimal bytes that identify the user's device`,
    check: ({ pathToken, deviceToken }) =>
      pathToken !== undefined && deviceToken === undefined
        ? { expected: "hexadecimal digits", actual: pathToken }
        : undefined,
  },
  {
    id: "apns/device-token",
    mismatch: "unknown-token",
    class: "R",
    status: 400,
    reason: "BadDeviceToken",
    source: `${RESPONSES}, BadDeviceToken`,
    check: ({ device, deviceToken = "" }) =>
      device?.state === "unknown" ? { expected: "a token the push service issued", actual: deviceToken } : undefined,
  },
  {
    id: "apns/device-token",
    mismatch: "other-environment",
    class: "R",
    status: 400,
    reason: "BadDeviceToken",
    source: `${RESPONSES}, BadDeviceToken: "Verify that the request contains a valid token and that the token matches the environment."`,
    check: ({ device }, { environment }) => {
      const issuedFor = device?.environment ?? "production";
      return device === undefined || device.state === "unknown" || issuedFor === environment
        ? undefined
        : { expected: `a token of the ${environment} environment`, actual: `one of the ${issuedFor} environment` };
    },
  },
  {
    id: "apns/device-token",
    mismatch: "expired",
    class: "R",
    status: 410,
    reason: "ExpiredToken",
    source: `${RESPONSES}, ExpiredToken`,
    check: ({ device, deviceToken = "" }) =>
      device?.state === "expired"
        ? { expected: "a token that is still good", actual: `${deviceToken}, expired${since(device.sinceMs)}` }
        : undefined,
  },
  {
    id: "apns/device-token",
    mismatch: "unregistered",
    class: "R",
    status: 410,
    reason: "Unregistered",
    source: `${RESPONSES}, Unregistered`,
    check: ({ device, deviceToken = "" }) =>
      device?.state === "unregistered"
        ? {
            expected: "a token of an app that is installed",
            actual: `${deviceToken}, inactive${since(device.sinceMs)}`,
          }
        : undefined,
  },
  {
    id: "apns/device-token",
    mismatch: "other-topic",
    class: "R",
    status: 400,
    reason: "DeviceTokenNotForTopic",
    source: `${RESPONSES}, DeviceTokenNotForTopic`,
    check: ({ device, topic }) =>
      device?.apps === undefined || device.apps.includes(topic)
        ? undefined
        : { expected: `a token for ${topic}`, actual: `one for ${device.apps.join(", ")}` },
  },
];

function since(sinceMs: number | undefined): string {
  return sinceMs === undefined ? "" : ` since ${new Date(sinceMs).toISOString()}`;
}
