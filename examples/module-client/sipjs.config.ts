import { defineConfig, moduleTarget } from "ringtrue";

export default defineConfig({
  target: {
    name: "Module client on sip.js",
    version: "1.0",
    role: "client",
    features: { platforms: ["ios"], transports: ["tcp", "ws"], video: true, concurrentCalls: true },
    start: moduleTarget({ module: new URL("on-sipjs.ts", import.meta.url) }),
  },
});
