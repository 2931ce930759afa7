import { UsageError } from "../../../harness/errors.ts";
import type { AppFacts, RunFacts } from "../../../harness/trace/run-facts.ts";
import type { AppFacts as SaidFacts } from "../../device-link/messages.ts";

/**
 * What an adapter said of itself, as the trace's header has it.
 *
 * @throws UsageError `not-declared` when the config declares a platform or transport that the adapter does not.
 */
export function appFacts(said: SaidFacts, { features }: RunFacts): AppFacts {
  const { app, maxDevices, telecom = "self-managed" } = said;
  const missing = [
    ...without("platforms", features.platforms, said.platforms),
    ...without("transports", features.transports, said.transports),
  ];
  if (missing.length > 0) throw new UsageError("not-declared", missing.join(" "));
  return {
    name: app.name,
    version: app.version,
    ...(app.vendor === undefined ? {} : { vendor: app.vendor }),
    telecom,
    ...(maxDevices === undefined ? {} : { maxDevices }),
    features: said.features ?? [],
  };
}

function without(
  field: "platforms" | "transports",
  declared: readonly string[],
  said: readonly string[],
): readonly string[] {
  const missing = declared.filter((one) => !said.includes(one));
  if (missing.length === 0) return [];
  return [
    `target.features.${field} has ${missing.join(" and ")}, and the adapter's initialize says ${said.join(", ")} only.`,
  ];
}
