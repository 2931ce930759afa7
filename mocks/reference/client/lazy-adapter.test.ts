import { expect, test } from "vitest";
import { liveClock } from "../../../harness/clock/clock.ts";
import { testHarness, testProfile } from "../../device-link/testing/link-profile.ts";
import { memoryLink } from "../../device-link/testing/memory-link.ts";
import { openAdapter } from "../../device-link/open-adapter.ts";
import { lazyAdapter, lazyClientNames } from "./lazy-adapter.ts";

test.each(lazyClientNames)("the client that %s can be driven", async (name) => {
  const link = memoryLink((text) => queueMicrotask(() => adapter.receive(text)));
  const adapter = lazyAdapter(name, (text) => queueMicrotask(() => link.say(text)));
  const opened = await openAdapter({ link: link.link, clock: liveClock(), harness: testHarness, profile: testProfile });
  expect(opened.facts.platforms).toEqual(["ios", "android"]);
  await opened.close();
});
