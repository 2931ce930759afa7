import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSipUri } from "../../harness/wire/sip-uri.ts";
import { hostileNames, hostileNumbers, person } from "./people.ts";

/** RFC 3261 25.1: `user = 1*( unreserved / escaped / user-unreserved )`. */
const legalUser = /^(?:[A-Za-z0-9\-_.!~*'()&=+$,;?/]|%[0-9A-Fa-f]{2})+$/;

describe("callers", () => {
  test("have a number that is legal as the user part of a SIP URI", () => {
    fc.assert(
      fc.property(person, ({ number }) => {
        expect(number).toMatch(legalUser);
        expect(parseSipUri(`sip:${number}@example.test`)?.user).toBe(number);
      }),
    );
  });

  test("have a name that a quoted-string can carry: no control characters, well-formed Unicode", () => {
    fc.assert(
      fc.property(person, ({ name }) => {
        expect(name).not.toMatch(/\p{Cc}/u);
        expect(Buffer.from(name).toString()).toBe(name);
      }),
    );
  });

  test("are hostile now and then, and ordinary mostly", () => {
    const callers = fc.sample(person, { numRuns: 300, seed: 1 });
    const hostile = callers.filter(
      ({ name, number }) => hostileNames.includes(name) || hostileNumbers.includes(number),
    );
    expect(hostile.length).toBeGreaterThan(40);
    expect(hostile.length).toBeLessThan(150);
  });

  test("shrink to Alice Liddell", () => {
    const found = fc.check(
      fc.property(person, () => false),
      { seed: 5 },
    );
    expect(found.counterexample).toEqual([{ name: "Alice Liddell", number: "+15550100" }]);
  });
});
