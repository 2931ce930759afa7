import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readProtoJson } from "./read-proto-json.ts";
import { sendMessageRequest } from "./fcm-schema.ts";
import type { FieldType, MessageField, MessageType } from "./fcm-schema.ts";

/** A value of a type, with all names in the JSON or all in the proto spelling. */
function valueOf(type: FieldType, spelling: "jsonName" | "protoName"): fc.Arbitrary<unknown> {
  switch (type) {
    case "string":
      return fc.string();
    case "bool":
      return fc.constantFrom(true, false, "true", "no");
    case "int32":
      return fc.oneof(fc.integer(), fc.integer().map(String));
    case "float":
      return fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 });
    case "duration":
      return fc.tuple(fc.nat(2_419_200), fc.nat(999)).map(([seconds, millis]) => `${seconds}.${millis}s`);
    case "timestamp":
      return fc.date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true }).map((date) => date.toISOString());
    case "struct":
      return fc.dictionary(fc.string(), fc.jsonValue());
    default:
      if (type.kind === "map") return fc.dictionary(fc.string(), fc.string());
      if (type.kind === "list") return fc.array(valueOf(type.of, spelling), { maxLength: 3 });
      if (type.kind === "enum") {
        return fc.constantFrom(...type.values).chain((value) => fc.constantFrom(value, value.toLowerCase()));
      }
      return messageOf(type, spelling);
  }
}

/** Some fields of a message, and one of each oneof at most. */
function messageOf(type: MessageType, spelling: "jsonName" | "protoName"): fc.Arbitrary<Record<string, unknown>> {
  const fields = [...new Set(type.fields.values())];
  const isFirst = (field: MessageField, at: number, some: readonly MessageField[]) =>
    field.oneof === undefined || at === some.findIndex(({ oneof }) => oneof === field.oneof);
  return fc
    .subarray(fields, { maxLength: Math.min(5, fields.length) })
    .map((some) => some.filter(isFirst))
    .chain((some) =>
      fc.record(Object.fromEntries(some.map((field) => [field[spelling], valueOf(field.type, spelling)]))),
    );
}

/** Every message type of the schema with the proto path that leads to it. */
function messagesWithin(type: MessageType, path = ""): readonly (readonly [path: string, type: MessageType])[] {
  const inner = [...new Set(type.fields.values())].flatMap((field) =>
    typeof field.type === "object" && field.type.kind === "message"
      ? messagesWithin(field.type, path === "" ? field.protoName : `${path}.${field.protoName}`)
      : [],
  );
  return [[path, type], ...inner];
}

const nested = (path: string, innermost: object): object =>
  path === "" ? innermost : path.split(".").reduceRight<object>((inner, name) => ({ [name]: inner }), innermost);

describe("the reader of proto JSON", () => {
  test.each(["jsonName", "protoName"] as const)(
    "takes every message of the schema in the spelling of %s",
    (spelling) => {
      fc.assert(
        fc.property(messageOf(sendMessageRequest, spelling), (message) => {
          expect(readProtoJson(sendMessageRequest, message).problems).toEqual([]);
        }),
        { numRuns: 200 },
      );
    },
  );

  test("reads both spellings to the same message", () => {
    const camel = {
      message: { android: { collapseKey: "a", fcmOptions: { analyticsLabel: "b" } } },
      validateOnly: true,
    };
    const snake = {
      message: { android: { collapse_key: "a", fcm_options: { analytics_label: "b" } } },
      validate_only: true,
    };
    expect(readProtoJson(sendMessageRequest, camel)).toEqual(readProtoJson(sendMessageRequest, snake));
  });

  test("names any unknown name with its path", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...messagesWithin(sendMessageRequest)),
        fc.string({ minLength: 1 }),
        fc.jsonValue(),
        ([path, type], name, value) => {
          fc.pre(!type.fields.has(name) && name !== "__proto__");
          const { problems } = readProtoJson(sendMessageRequest, nested(path, { [name]: value }));
          const where = path === "" ? "" : ` at '${path}'`;
          expect(problems).toEqual([
            expect.objectContaining({
              kind: "unknown-name",
              description: `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`,
              ...(path === "" ? {} : { field: path }),
            }),
          ]);
        },
      ),
      { numRuns: 200 },
    );
  });

  test("never throws, and finds nothing wrong only where it could read everything", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom("message", "validate_only", "x"), fc.jsonValue()), (body) => {
        const { value, problems } = readProtoJson(sendMessageRequest, body);
        expect(problems.length > 0 || !("x" in body)).toBe(true);
        expect(Object.keys(value).every((name) => ["message", "validateOnly"].includes(name))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("takes null for absent, and for an empty value of a map", () => {
    const body = { message: { token: null, topic: "a", data: { k: null }, notification: null } };
    expect(readProtoJson(sendMessageRequest, body)).toEqual({
      value: { message: { topic: "a", data: { k: "" } } },
      problems: [],
    });
  });

  test("keeps a key named __proto__ a key", () => {
    const body = JSON.parse('{"message":{"data":{"__proto__":"a","k":null}}}') as object;
    const { data } = readProtoJson(sendMessageRequest, body).value["message"] as { readonly data: object };
    expect(Object.entries(data)).toEqual([
      ["__proto__", "a"],
      ["k", ""],
    ]);
  });

  const readTtl = (ttl: string) => readProtoJson(sendMessageRequest, { message: { android: { ttl } } });

  test.each([
    ["1s", 1],
    ["1.5s", 1.5],
    ["-0.000000001s", -1e-9],
  ])("reads the duration %s", (ttl, seconds) => {
    expect(readTtl(ttl)).toEqual({ value: { message: { android: { ttl: seconds } } }, problems: [] });
  });

  test.each([
    ["s", "failed to parse seconds"],
    ["1.s", "failed to parse nano seconds"],
    ["1.1234567890s", "failed to parse nano seconds"],
    ["1h", "duration must end with 's'"],
    ["999999999999s", "Duration value exceeds limits"],
  ])("refuses the duration %s", (ttl, why) => {
    const { problems } = readTtl(ttl);
    expect(problems).toEqual([expect.objectContaining({ description: expect.stringContaining(why) })]);
  });

  test("keeps its answer within bounds, however much is wrong", () => {
    const body = Object.fromEntries(Array.from({ length: 5000 }, (_, at) => [`unknown${at}`, "x".repeat(10)]));
    expect(readProtoJson(sendMessageRequest, body).problems).toHaveLength(100);
  });
});
