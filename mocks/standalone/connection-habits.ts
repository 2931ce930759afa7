import type { PushServiceName } from "../push/push-hooks.ts";
import type { LoggedFinding } from "./logged-push.ts";

/** Fewer connections than this tell nothing about a sender's habit. */
const FEWEST = 4;
const SOURCES: Readonly<Record<PushServiceName, string>> = {
  apns: "Apple, Sending notification requests to APNs, Follow best practices while sending push notifications with APNs",
  fcm: "RFC 9113 section 9.1: HTTP/2 connections are persistent",
};

/** Watches for a sender that opens a connection for each push. */
export interface ConnectionHabits {
  pushed(connection: string): void;
  /** The finding, when this connection makes the habit plain; once. */
  closed(connection: string): LoggedFinding | undefined;
  clear(): void;
}

export function connectionHabits(service: PushServiceName): ConnectionHabits {
  /** How many pushes each connection that is open has carried. */
  const open = new Map<string, number>();
  /** Connections that were closed after a single push; undefined: one has carried more, or it was told already. */
  let singles: number | undefined = 0;
  return {
    pushed(connection) {
      const count = (open.get(connection) ?? 0) + 1;
      open.set(connection, count);
      if (count > 1) singles = undefined;
    },
    closed(connection) {
      const carried = open.delete(connection);
      if (!carried || singles === undefined) return undefined;
      singles += 1;
      if (singles < FEWEST) return undefined;
      singles = undefined;
      return {
        rule: `${service}/connection-reuse`,
        mismatch: "connection-per-push",
        expected: "connections kept for many pushes",
        actual: `${FEWEST} connections, each closed after one push`,
        source: SOURCES[service],
      };
    },
    clear() {
      singles = 0;
    },
  };
}
