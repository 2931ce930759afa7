import { fileURLToPath } from "node:url";
import { defineConfig, processTarget } from "ringtrue";

export default defineConfig({
  target: {
    name: "Python client",
    version: "1.0",
    role: "client",
    // Pointers, registration and correlation reach the program with `initialize`.
    profile: "rfc8599",
    features: {
      platforms: ["ios", "android"],
      transports: ["udp"],
      concurrentCalls: true,
      video: true,
      multipleDevices: true,
      digest: true,
    },
    start: processTarget({ command: "python3", args: [fileURLToPath(new URL("main.py", import.meta.url))] }),
    sip: { domain: "example.test" },
  },
});
