import { fileURLToPath } from "node:url";
import { type Config, defineConfig, processTarget } from "ringtrue";

/** How long the app waits for an INVITE. Its own default is 20 s; short, so that nobody waits for a run. */
const inviteWaitMs = 4_000;

/** The config of an app on these packages; `adapter` is the module that serves it. */
export function reactNativeConfig(name: string, adapter: URL): Config {
  return defineConfig({
    target: {
      name,
      version: "1.0",
      role: "client",
      // react-native-callkeep fulfils an answer at once, and leaves an app no choice.
      profile: { extends: "rfc8599", answerFulfil: "at-once" },
      features: {
        platforms: ["ios", "android"],
        transports: ["ws"],
        concurrentCalls: true,
        video: true,
        multipleDevices: true,
        digest: true,
      },
      start: processTarget({
        command: process.execPath,
        args: [
          "--import",
          "ringtrue/react-native/register",
          fileURLToPath(adapter),
          "--invite-wait-ms",
          String(inviteWaitMs),
          "--js-boot-ms",
          "300",
        ],
      }),
      sip: { domain: "example.test" },
    },
    // What no app on these packages can do.
    expectedFailures: [
      {
        requirement: "flow/app-survives",
        platform: "android",
        mismatch: "crashed",
        reason:
          "RNCallKeepModule.onHostDestroy of react-native-callkeep kills the process when the task is swiped away, and its displayIncomingCall does not catch the SecurityException of TelecomManager.addNewIncomingCall",
      },
      {
        requirement: "sip/void-token-withdrawn",
        platform: "ios",
        reason: "react-native-voip-push-notification has no event for didInvalidatePushTokenFor",
      },
    ],
    // The hand-picked plans; --runs adds generated ones (see docs/react-native.md for what they meet besides).
    suite: { runs: 0, concurrency: 32 },
    os: { coldStartMs: 300 },
    deadlines: {
      appReactsMs: 2_500,
      ringStopAfterHangupMs: 1_500,
      inviteWaitMs: { min: inviteWaitMs - 1_000, max: inviteWaitMs + 3_000 },
    },
  });
}
