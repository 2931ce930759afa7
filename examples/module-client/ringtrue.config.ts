import { defineConfig, moduleTarget } from "ringtrue";

export default defineConfig({
  target: {
    name: "Module client",
    version: "1.0",
    role: "client",
    features: { platforms: ["ios"], transports: ["udp", "tcp", "tls", "ws"], video: true, concurrentCalls: true },
    start: moduleTarget({ module: new URL("state-machine.ts", import.meta.url) }),
  },
});
