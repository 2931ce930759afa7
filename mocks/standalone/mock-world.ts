import type { Clock } from "../../harness/clock/clock.ts";
import type { TestAuthority } from "../tls/test-authority.ts";
import type { PushLog } from "./push-log.ts";

/** What mocks that run side by side share. */
export interface MockWorld {
  readonly clock: Clock;
  readonly log: PushLog;
  readonly authority: TestAuthority;
  /** What the UsageError names where a mock cannot listen. @default "port" */
  readonly portField?: string;
}
