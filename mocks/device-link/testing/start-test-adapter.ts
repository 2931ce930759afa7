import { fileURLToPath } from "node:url";
import type { Clock } from "../../../harness/clock/clock.ts";
import { startStdioLink } from "../stdio-link.ts";
import type { Link } from "../link.ts";
import { defaultLinkLimits, type LinkLimits } from "../link-limits.ts";

export const testAdapterFile = fileURLToPath(new URL("test-adapter.js", import.meta.url));

/** Starts the test adapter, behaving as its first argument says. */
export async function startTestAdapter(
  behaviour: string,
  clock: Clock,
  limits: Partial<LinkLimits> = {},
): Promise<Link> {
  return await startStdioLink({
    command: process.execPath,
    args: [testAdapterFile, behaviour],
    env: {},
    clock,
    limits: { ...defaultLinkLimits, ...limits },
  });
}
