import { fileURLToPath } from "node:url";
import { defineConfig, processTarget } from "ringtrue";

export default defineConfig({
  target: {
    name: "React Native example on JsSIP",
    version: "1.0",
    role: "client",
    // react-native-callkeep fulfils an answer at once, and leaves an app no choice.
    profile: { extends: "rfc8599", answerFulfil: "at-once" },
    features: { platforms: ["ios", "android"], transports: ["ws"], concurrentCalls: true },
    start: processTarget({
      command: process.execPath,
      args: ["--import", "ringtrue/react-native/register", fileURLToPath(new URL("adapter.js", import.meta.url))],
    }),
    sip: { domain: "example.test" },
  },
  // One device at a time, and a start of three seconds.
  suite: { runs: 4, concurrency: 1 },
});
