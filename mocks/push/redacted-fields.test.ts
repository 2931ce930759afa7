import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { HeaderField } from "../http/http-exchange.ts";
import { redactedFields } from "./redacted-fields.ts";

const name = fc.constantFrom("authorization", "apns-topic", "content-type");
const fields = fc.array(fc.tuple(name, fc.constantFrom("secret 1", "secret 2")), { maxLength: 4 });

test("every authorization is replaced, whatever was redacted before, and nothing else is", () => {
  fc.assert(
    fc.property(fc.array(fields, { minLength: 1, maxLength: 3 }), fc.array(fc.nat(5)), (all, asked) => {
      for (const at of asked) {
        const given: readonly HeaderField[] = all[at % all.length]!;
        const instead = `claims ${at}`;
        expect(redactedFields(given, instead)).toEqual(
          given.map(([field, value]) => [field, field === "authorization" ? instead : value]),
        );
        expect(redactedFields(given, instead)).toBe(redactedFields(given, instead));
      }
    }),
  );
});
