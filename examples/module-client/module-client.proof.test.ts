import { onTestFinished, expect, test } from "vitest";
import { fileURLToPath } from "node:url";
import { workplace } from "../../cli/testing/workplace.ts";

test.each(["ringtrue.config.ts", "sipjs.config.ts"])("the app of %s conforms in virtual time", async (config) => {
  const place = workplace(onTestFinished);
  const file = fileURLToPath(new URL(config, import.meta.url));
  const { code } = await place.run("run", "--config", file, "--runs", "2", "--seed", "1");
  const { counts, run } = place.json("ringtrue-report/report.json") as {
    readonly counts: { readonly requirements: { readonly failed: number; readonly passed: number } };
    readonly run: { readonly complete: boolean };
  };
  expect({ code, complete: run.complete, failed: counts.requirements.failed }).toEqual({
    code: 0,
    complete: true,
    failed: 0,
  });
  expect(counts.requirements.passed).toBeGreaterThan(50);
});
