import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{harness,scenarios,mocks,reports,cli}/**/*.test.ts"],
    typecheck: { enabled: true, include: ["**/*.test-d.ts"] },
    testTimeout: 20_000,
    maxWorkers: 2,
  },
});
