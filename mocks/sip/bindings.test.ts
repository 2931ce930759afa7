import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNameAddress } from "../../harness/wire/name-address.ts";
import {
  applyRegister,
  type Binding,
  type BindingChange,
  contactHeaderOf,
  type ExpiryLimits,
  isSameContact,
  type RegisterRequest,
} from "./bindings.ts";

const LIMITS: ExpiryLimits = { minS: 60, maxS: 7_200, defaultS: 3_600 };

interface Asked extends Partial<Omit<RegisterRequest, "contacts">> {
  readonly contacts?: readonly string[];
  readonly atMs?: number;
}

let cseq = 0;

function register(before: readonly Binding[], { contacts = [], atMs = 0, ...asked }: Asked): BindingChange {
  cseq += 1;
  const read = contacts.map((text) => {
    const address = parseNameAddress(text);
    return address === undefined || text === "*" ? ("*" as const) : { address, push: {} };
  });
  const request = { callId: "c", cseq, expiresS: undefined, outbound: true, flow: "f", ...asked, contacts: read };
  return applyRegister(before, request, LIMITS, atMs);
}

function after(before: readonly Binding[], asked: Asked): readonly Binding[] {
  const change = register(before, asked);
  if (change.kind === "refused") throw new Error(String(change.status));
  return change.bindings;
}

const flowContact = (host: string, instance: string, regId: number): string =>
  `<sip:bob@${host}>;+sip.instance="<${instance}>";reg-id=${regId}`;
const texts = (bindings: readonly Binding[]): string[] => bindings.map(({ contact }) => contact);

describe("the bindings of an address of record", () => {
  test("are one per Contact, compared as URIs are", () => {
    const first = after([], { contacts: ["<sip:bob@HOST:5070;transport=tcp>;q=0.5"] });
    const again = after(first, { contacts: ["<sip:bob@host:5070;transport=TCP;x=y>"] });
    expect(texts(again)).toEqual(["sip:bob@host:5070;transport=TCP;x=y"]);
    expect(texts(after(again, { contacts: ["<sip:Bob@host:5070;transport=tcp>"] }))).toHaveLength(2);
  });

  test("tell push tokens apart by every letter, and find one that is no longer named", () => {
    const one = after([], { contacts: ["<sip:b@h;pn-prid=Token>"] });
    const two = after(one, { contacts: ["<sip:b@h;pn-prid=token>"] });
    expect(two).toHaveLength(2);
    expect(after(two, { contacts: ["<sip:b@h>;expires=0"] })).toEqual([]);
    expect(isSameContact("sip:b@h;pn-prid=a%2Db", "sip:b@h;pn-prid=a-b")).toBe(true);
  });

  test("are one per instance and reg-id, whatever the Contact", () => {
    const one = after([], { contacts: [flowContact("a", "urn:uuid:1", 1)] });
    const moved = after(one, { contacts: [flowContact("b;pn-prid=x", "urn:uuid:1", 1)] });
    expect(texts(moved)).toEqual(["sip:bob@b;pn-prid=x"]);
    const second = after(moved, { contacts: [flowContact("b", "urn:uuid:1", 2)] });
    expect(after(second, { contacts: [flowContact("b", "urn:uuid:2", 1)] })).toHaveLength(3);
  });

  test("know no reg-id from a phone that does not support outbound, or has no instance", () => {
    const one = after([], { contacts: [flowContact("a", "urn:uuid:1", 1)], outbound: false });
    expect(after(one, { contacts: [flowContact("b", "urn:uuid:1", 1)], outbound: false })).toHaveLength(2);
    expect(register([], { contacts: ["<sip:b@h>;reg-id=1"] })).toMatchObject({ outbound: false });
  });

  test.each([
    ["its own parameter", "<sip:b@h>;expires=100", 50, 100],
    ["the header field", "<sip:b@h>", 90, 90],
    ["nothing", "<sip:b@h>", undefined, 3_600],
    ["something unreadable", "<sip:b@h>;expires=soon", 90, 3_600],
    ["more than is granted", "<sip:b@h>;expires=999999", 90, 7_200],
  ])("last as long as %s says", (_, contact, expiresS, granted) => {
    const [binding] = after([], { contacts: [contact], expiresS, atMs: 5 });
    expect(binding?.expiresAtMs).toBe(5 + granted * 1_000);
    expect(after([binding!], { atMs: binding!.expiresAtMs - 1 })).toHaveLength(1);
    expect(after([binding!], { atMs: binding!.expiresAtMs })).toEqual([]);
  });

  test.each<[string, Asked, number]>([
    ["too short a lifetime", { contacts: ["<sip:b@h>"], expiresS: 59 }, 423],
    ["* that is not to expire", { contacts: ["*"], expiresS: 60 }, 400],
    ["* without Expires", { contacts: ["*"] }, 400],
    ["* beside a Contact", { contacts: ["*", "<sip:b@h>"], expiresS: 0 }, 400],
    ["two flows at once", { contacts: [flowContact("a", "urn:uuid:1", 1), "<sip:b@h>"] }, 400],
    ["an old CSeq", { contacts: ["<sip:b@h>"], cseq: 0 }, 500],
    ["an old CSeq for all", { contacts: ["*"], expiresS: 0, cseq: 0 }, 500],
  ])("are left alone by %s", (_, asked, status) => {
    const before = after([], { contacts: ["<sip:b@h>"] });
    expect(register(before, asked)).toMatchObject({ kind: "refused", status });
  });

  test("of another Call-ID may be replaced with any CSeq", () => {
    const before = after([], { contacts: ["<sip:b@h>"], cseq: 900 });
    expect(after(before, { contacts: ["<sip:b@h>"], callId: "rebooted", cseq: 1 })).toHaveLength(1);
  });

  test("are listed as they were registered, with the time that is left", () => {
    const [binding] = after([], {
      contacts: ['<sip:b@h;pn-prid=aB%2b>;+sip.instance="<urn:uuid:1>";reg-id=1;q=0.5;ob'],
    });
    expect(contactHeaderOf(binding!, 600_000)).toEqual([
      "Contact",
      '<sip:b@h;pn-prid=aB%2b>;+sip.instance="<urn:uuid:1>";reg-id=1;q=0.5;ob;expires=3000',
    ]);
  });

  test("obey their laws, whatever was registered before", () => {
    const user = fc.constantFrom("a", "b", "A", "%61");
    const params = fc.constantFrom("", ";transport=tcp", ";pn-prid=x", ";pn-prid=X", ";lr", ";maddr=h");
    const plain = fc.tuple(user, params).map(([name, tail]) => `<sip:${name}@h${tail}>`);
    const flow = fc
      .tuple(fc.constantFrom("a", "b", "A"), fc.constantFrom("urn:uuid:1", "urn:uuid:2"), fc.constantFrom(1, 2))
      .map(([host, instance, regId]) => flowContact(host, instance, regId));
    const contact = fc.oneof(plain, flow);
    const lifetime = fc.constantFrom(0, 30, 60, 600);
    const history = fc.array(fc.record({ contact, expiresS: lifetime, atMs: fc.nat({ max: 100_000 }) }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(history, contact, (steps, last) => {
        let bindings: readonly Binding[] = [];
        for (const { contact: text, expiresS, atMs } of steps) {
          const change = register(bindings, { contacts: [text], expiresS, atMs });
          if (change.kind === "refused") continue;
          // What came and what went is the whole difference.
          const gone = new Set(change.removed);
          const kept = bindings.filter((binding) => !gone.has(binding) && binding.expiresAtMs > atMs);
          expect(new Set(change.bindings)).toEqual(new Set([...kept, ...change.added]));
          ({ bindings } = change);
        }
        const added = after(bindings, { contacts: [last], expiresS: 600, atMs: 100_000 });
        // Registering again changes nothing but the time; taking it back takes back just that.
        const again = after(added, { contacts: [last], expiresS: 600, atMs: 100_000 });
        expect(texts(again).toSorted()).toEqual(texts(added).toSorted());
        const rest = after(again, { contacts: [last], expiresS: 0, atMs: 100_000 });
        expect(rest.length).toBeLessThan(again.length);
        expect(rest.every((binding) => again.includes(binding))).toBe(true);
        const flows = added.flatMap(({ instance, regId }) => (regId === undefined ? [] : [`${instance} ${regId}`]));
        expect(new Set(flows).size).toBe(flows.length);
        expect(after(added, { contacts: ["*"], expiresS: 0, atMs: 100_000 })).toEqual([]);
      }),
    );
  });
});
