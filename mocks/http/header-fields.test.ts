import * as fc from "fast-check";
import { expect, test } from "vitest";
import { fieldsReader, headerFieldsOf } from "./header-fields.ts";

const field = fc.tuple(fc.constantFrom(":path", "a", "b", "authorization"), fc.constantFrom("", "1", "2"));
const raw = fc.array(field, { maxLength: 6 }).map((fields) => fields.flat());

test("the fields of a request do not depend on those before it, whose objects they share", () => {
  fc.assert(
    fc.property(fc.array(raw, { maxLength: 6 }), raw, (before, last) => {
      const read = fieldsReader();
      for (const one of before) expect(read(one)).toEqual(headerFieldsOf(one));
      const fields = read(last);
      expect(fields).toEqual(headerFieldsOf(last));
      expect(read(last)).toBe(fields);
    }),
  );
});
