import type { RunFacts } from "../harness/trace/run-facts.ts";
import type { Reference } from "../scenarios/faults/fault.ts";
import { embeddedConfig } from "./embedded-default.ts";
import { factsOfConfig } from "./facts-of-config.ts";

/** Facts of a reference target that is not running: enough to make its plans, with addresses of nobody. */
export function explanationFacts(reference: Reference): RunFacts {
  const config = embeddedConfig(reference);
  return {
    ...factsOfConfig(config, { epochMs: 0 }),
    apns: { topic: "", teamId: "", keyId: "" },
    fcm: { projectId: "", packageName: "" },
    sip: { addresses: [], domain: config.target.sip.domain },
  };
}
