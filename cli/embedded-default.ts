import type { QualifiedConfig } from "../harness/config/config.ts";
import type { Role } from "../harness/trace/run-facts.ts";
import type { Reference, ReferenceClient, ReferenceServer } from "../scenarios/faults/fault.ts";
import { embeddedClient, type LazyClient } from "./embedded-client.ts";
import { embeddedServer, type LazyServer } from "./embedded-server.ts";

export const referenceServers = ["holding-proxy", "parallel-proxy", "b2bua"] as const satisfies ReferenceServer[];
export const referenceClients = ["connected", "at-once"] as const satisfies ReferenceClient[];
/** The targets that come with RingTrue. They are built to conform, and can be told to break one thing. */
export const references: readonly Reference[] = [...referenceServers, ...referenceClients];

export function roleOf(reference: Reference): Role {
  return referenceClients.some((client) => client === reference) ? "client" : "server";
}

/** Targets that do nothing useful. */
export type LazyTarget = LazyServer | LazyClient;
export const lazyTargets: readonly LazyTarget[] = ["silent", "always-reject", "always-200", "agrees", "refuses"];

/** The reference target that runs without a config test, by role. */
export const defaultReferences: Readonly<Record<Role, Reference>> = { server: "holding-proxy", client: "connected" };

/** The config of a run against what comes with RingTrue: for runs without a config file, and for `ringtrue prove`. */
export function embeddedConfig(target: Reference | LazyTarget, fault?: string): QualifiedConfig {
  switch (target) {
    case "connected":
    case "at-once":
    case "agrees":
    case "refuses":
      return embeddedClient(target, fault);
    default:
      return embeddedServer(target, fault);
  }
}
