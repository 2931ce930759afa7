import { UsageError } from "../../harness/errors.ts";
import type { Mockable, MockOptions } from "./mock-options.ts";

/** The options that only one of the services reads. */
const ownOptions: readonly (readonly [
  service: Exclude<Mockable, "device">,
  flag: string,
  option: keyof MockOptions,
])[] = [
  ["apns", "--port-apns", "portApns"],
  ["apns", "--sandbox", "sandbox"],
  ["fcm", "--port-fcm", "portFcm"],
  ["fcm", "--project-id", "projectId"],
  ["fcm", "--calls", "calls"],
];
const BUNDLE_ID = /^[\w.-]+$/;
/** Also of the old form `example.com:project`. It becomes a part of the path. */
const PROJECT_ID = /^[\w.:-]+$/;

/** @throws UsageError for an option that nothing would read, or that names what cannot be */
export function checkMockOptions(services: readonly Mockable[], options: MockOptions): void {
  const named = services.filter((service) => service !== "device");
  for (const [service, flag, option] of ownOptions) {
    if (options[option] === undefined || named.length === 0 || named.includes(service)) continue;
    throw new UsageError(
      "unused-option",
      `${flag} goes with ${service}, which is not started: ${named.join(", ")} is.`,
    );
  }
  for (const bundleId of options.bundleId ?? []) {
    if (!BUNDLE_ID.test(bundleId)) {
      throw new UsageError("bad-bundle-id", `--bundle-id must be like com.example.phone, not "${bundleId}".`);
    }
  }
  if (options.projectId !== undefined && !PROJECT_ID.test(options.projectId)) {
    throw new UsageError("bad-project-id", `--project-id must be like my-project, not "${options.projectId}".`);
  }
}
