import type { MockCore } from "../standalone/mock-core.ts";
import type { PushMock } from "../standalone/push-mock.ts";

/** What of a mock tells where it listens. */
export type AddressMember = "url" | "host" | "port" | "caPem";

const MEMBERS: readonly AddressMember[] = ["url", "host", "port", "caPem"];

/** A mock that listens nowhere. */
export function withoutAddress<A, Own extends object>(
  core: MockCore<A>,
  close: () => void,
  own: Own,
): Omit<PushMock<A>, AddressMember> & Own {
  const nowhere = { url: "", host: "", port: 0, caPem: "", close: async () => close() };
  const mock = core.withServer(nowhere, own);
  for (const member of MEMBERS) Reflect.deleteProperty(mock, member);
  return mock;
}
