import type { QualifiedConfig } from "../harness/config/config.ts";
import { nearMiss } from "../harness/config/near-miss.ts";
import { UsageError } from "../harness/errors.ts";
import { androidNumbers } from "../mocks/android/android-numbers.ts";
import { iosNumbers } from "../mocks/ios/ios-numbers.ts";

/** Names of every number of the simulated phones. */
export const osNumberNames: readonly string[] = [
  ...new Set([...Object.keys(iosNumbers({})), ...Object.keys(androidNumbers({}))]),
].toSorted();

/** @throws UsageError naming a number of `os` that no simulated phone has, and the one that was probably meant. */
export function checkOsNumbers({ os }: QualifiedConfig, source: string): void {
  for (const [name, value] of Object.entries(os)) {
    if (!osNumberNames.includes(name)) {
      const meant = nearMiss(name, osNumberNames);
      const hint = meant === undefined ? `Known here: ${osNumberNames.join(", ")}.` : `Did you mean ${meant}?`;
      throw new UsageError("bad-config", `${source}: os.${name} is not known. ${hint}`);
    }
    if (value < 0) throw new UsageError("bad-config", `${source}: os.${name} must not be negative.`);
  }
}
