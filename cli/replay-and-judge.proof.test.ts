import { describe, expect, test } from "vitest";
import { shortRun } from "./testing/config-text.ts";
import { workplace } from "./testing/workplace.ts";

const replayFile = "report/server/counterexamples/apns-topic/replay.json";

describe("a stored failure", () => {
  test("is replayed as what has become of it, and judged again as it was", async ({ onTestFinished }) => {
    const place = workplace(onTestFinished);
    const run = await place.run(...shortRun, "--requirement", "apns/topic", "--fault", "topic-without-voip");
    expect(run.code).toBe(1);
    expect(run.stdout).toContain(`npx ringtrue replay ${replayFile} --fault topic-without-voip`);

    const [still, fixed, different, judged, interrupted] = await Promise.all([
      place.run("replay", replayFile, "--fault", "topic-without-voip"),
      place.run("replay", replayFile),
      place.run("replay", replayFile, "--fault", "priority-5"),
      place.run("judge", "report/server"),
      replayInterrupted(),
    ]);
    expect(still.stdout).toContain("STILL FAILING: failed 3 of 3");
    expect(still.stdout).toMatch(/apns\/topic \(topic-not-voip\): expected /);
    expect(still.code).toBe(1);
    expect(fixed.stdout).toContain("FIXED: failed 0 of 3");
    expect(fixed.code).toBe(0);
    expect(different.stdout).toContain("DIFFERENT: failed 0 of 3");
    expect(different.stdout).toMatch(/apns\/priority \(not-immediate\)/);
    expect(different.code).toBe(1);
    expect(judged.stdout).toContain("2 of 2 traces judged again");
    expect(judged.stdout).toContain("apns/topic failed");
    expect(judged.code).toBe(1);
    expect(interrupted.code).toBe(2);
    expect(place.leftBehind()).toEqual([]);

    async function replayInterrupted(): Promise<{ readonly code: number | null }> {
      const replaying = place.start("replay", replayFile);
      await replaying.said("the caller places call 1");
      replaying.child.kill("SIGTERM");
      return await replaying.ended;
    }
  });
});
