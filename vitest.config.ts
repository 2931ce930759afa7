import { defineConfig } from "vitest/config";
import { reactNative } from "./mocks/react-native/vitest-plugin.ts";

const report = process.env["RINGTRUE_TEST_REPORT"];

/** Judges, plans, traces, reports and the simulated systems: functions over data, and state machines over a clock. */
const pure = [
  "scenarios/**/*.test.ts",
  "harness/{config,judge,plan,run,search,trace,wire}/**/*.test.ts",
  "mocks/{android,ios}/**/*.test.ts",
  "reports/{json,junit,ladder,terminal,text}/**/*.test.ts",
];

/** Whole runs, long ones: not of `npm test`, but of `npm run test:proofs` and of everything that must hold before a change lands. */
const proofs = ["**/*.proof.test.ts"];

export default defineConfig({
  plugins: [reactNative()],
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: "pure",
          include: pure,
          // Nothing in them leaves a trace in a module: each worker loads the catalogue once.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: "whole",
          include: ["{harness,scenarios,mocks,reports,cli,bench,examples}/**/*.test.ts"],
          exclude: ["**/node_modules/**", ...pure, ...proofs],
          typecheck: { enabled: true, include: ["**/*.test-d.ts"] },
        },
      },
      {
        extends: true,
        test: { name: "proofs", include: proofs, exclude: ["**/node_modules/**", "dist/**"] },
      },
    ],
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
