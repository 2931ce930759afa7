import type { RunFacts } from "../harness/trace/run-facts.ts";
import { resolveProfile } from "../scenarios/profiles/index.ts";
import { embeddedConfig, type ReferenceServer } from "./embedded-default.ts";

/** Facts of a reference server that is not running: enough to make its plans, with addresses of nobody. */
export function explanationFacts(server: ReferenceServer): RunFacts {
  const { target, deadlines, os } = embeddedConfig(server);
  return {
    role: "server",
    target: { name: target.name, version: target.version },
    profile: resolveProfile(target.profile),
    features: target.features,
    deadlines,
    os,
    clock: "live",
    epochMs: 0,
    apns: { topic: "", teamId: "", keyId: "" },
    fcm: { projectId: "", packageName: "" },
    sip: { addresses: [], domain: target.sip.domain },
  };
}
