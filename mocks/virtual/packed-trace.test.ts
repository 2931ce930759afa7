import * as fc from "fast-check";
import { expect, test } from "vitest";
import { arbitraryTrace } from "../../harness/trace/testing/arbitrary-trace.ts";
import { packTrace, unpackTrace } from "./packed-trace.ts";

test("a packed trace comes out as it went in", () => {
  fc.assert(
    fc.property(arbitraryTrace, ({ events, end, identities }) => {
      const played = { events, end, ...(identities === undefined ? {} : { identities }) };
      expect(plain(unpackTrace(structuredClone(packTrace(played))))).toEqual(plain(played));
    }),
    { numRuns: 100 },
  );
});

/** As JSON has it, where bytes are numbers. */
function plain(trace: unknown): unknown {
  const bytesAsNumbers = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? [...value] : value);
  return JSON.parse(JSON.stringify(trace, bytesAsNumbers)) as unknown;
}
