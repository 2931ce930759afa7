import { defineConfig } from "vitest/config";
import { reactNative } from "./mocks/react-native/vitest-plugin.ts";

const report = process.env["RINGTRUE_TEST_REPORT"];

export default defineConfig({
  plugins: [reactNative()],
  test: {
    include: ["{harness,scenarios,mocks,reports,cli,bench,examples}/**/*.test.ts"],
    typecheck: { enabled: true, include: ["**/*.test-d.ts"] },
    testTimeout: 20_000,
    // A fresh machine starts its first browser and its first programs slowly.
    hookTimeout: 60_000,
    expect: { poll: { timeout: 5_000 } },
    // One more than the cores of a small machine: many tests wait for real time to pass.
    maxWorkers: 3,
    maxConcurrency: 8,
    reporters: report === undefined ? ["default"] : ["default", ["json", { outputFile: report }]],
  },
});
