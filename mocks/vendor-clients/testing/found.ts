import type { PushMock } from "../../standalone/push-mock.ts";

/** What a mock has found, each once: `apns/expiration missing`. */
export function found<A>({ findings }: PushMock<A>): readonly string[] {
  return [...new Set(findings.map(({ rule, mismatch }) => `${rule} ${mismatch}`))].toSorted();
}
