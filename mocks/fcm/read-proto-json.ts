import type { FieldType, MessageField, MessageType } from "./fcm-schema.ts";

/** One thing Google's JSON reader refuses; it goes on reading, and names all of them in one answer. */
export interface FieldProblem {
  readonly kind: "unknown-name" | "wrong-type" | "several-of-oneof";
  /** The proto path of the element it is about, e.g. `message.android.ttl`. */
  readonly at: string;
  /** What the answer names as its `field`; absent at the root. */
  readonly field?: string;
  readonly description: string;
}

export interface ProtoReading {
  /** What could be read, by JSON names; durations are seconds. */
  readonly value: Readonly<Record<string, unknown>>;
  readonly problems: readonly FieldProblem[];
}

/** A hostile body may hold thousands. */
const MAX_PROBLEMS = 100;
const MAX_SHOWN_CHARACTERS = 500;

/**
 * Reads a parsed JSON object as a proto message, with the leniencies and the words of Google's own reader (protobuf,
 * util/internal/proto_writer.cc, protostream_objectwriter.cc and datapiece.cc): both spellings of a name, `null` for absent,
 * numbers and booleans as strings, enum values in any case.
 */
export function readProtoJson(type: MessageType, source: object): ProtoReading {
  const problems: FieldProblem[] = [];
  return { value: readMessage(type, source, "", problems), problems };
}

function readMessage(
  type: MessageType,
  source: object,
  path: string,
  problems: FieldProblem[],
): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  let oneofs: string[] | undefined;
  for (const name of Object.keys(source)) {
    const field = type.fields.get(name);
    if (field === undefined) {
      note(problems, invalidName(path, name, "Cannot find field.", "unknown-name"));
      continue;
    }
    const given = (source as Readonly<Record<string, unknown>>)[name];
    if (given === null) continue;
    if (field.oneof !== undefined) {
      if (oneofs?.includes(field.oneof) === true) {
        note(problems, {
          ...invalidValue(path, "oneof", `oneof field '${field.oneof}' is already set. Cannot set '${name}'`),
          kind: "several-of-oneof",
        });
        continue;
      }
      if (oneofs === undefined) oneofs = [field.oneof];
      else oneofs.push(field.oneof);
    }
    const read = readField(field, name, given, path, problems);
    if (read !== undefined) value[field.jsonName] = read;
  }
  return value;
}

function readField(field: MessageField, name: string, given: unknown, path: string, problems: FieldProblem[]): unknown {
  const { type, protoName } = field;
  const at = path === "" ? protoName : `${path}.${protoName}`;
  if (typeof type === "object" && type.kind === "list") return readList(type.of, field, given, path, problems);
  if (Array.isArray(given)) {
    const isMap = typeof type === "object" && type.kind === "map";
    const problem = isMap
      ? invalidValue(path, "Map", `Cannot bind a list to map for field '${name}'.`)
      : invalidName(path, name, "Proto field is not repeating, cannot start list.", "wrong-type");
    note(problems, { ...problem, at });
    return undefined;
  }
  if (typeof type === "object" && type.kind === "map") {
    if (typeof given === "object") return readStringMap(given as Record<string, unknown>, at, problems);
    note(problems, invalidValue(at, urlOf(type.entry), shown(given)));
    return undefined;
  }
  if (typeof given === "object" && isScalar(type)) {
    const problem = invalidValue(path, protoName, "Starting an object on a scalar field");
    note(problems, { ...problem, at });
    return undefined;
  }
  return readSingle(type, protoName, given, at, problems);
}

function readList(
  of: FieldType,
  field: MessageField,
  given: unknown,
  path: string,
  problems: FieldProblem[],
): readonly unknown[] {
  const at = path === "" ? field.protoName : `${path}.${field.protoName}`;
  // A single value is taken for a list of one.
  const items: readonly unknown[] = Array.isArray(given) ? given : [given];
  return items.map((item, index) => {
    const itemAt = Array.isArray(given) ? `${at}[${index}]` : at;
    if (typeof item !== "object" || item === null) {
      return item === null ? undefined : readSingle(of, field.protoName, item, itemAt, problems);
    }
    note(problems, invalidValue(itemAt, field.protoName, "Starting an object on a scalar field"));
    return undefined;
  });
}

/** The map itself where every value is a string, which needs no copy. */
function readStringMap(
  given: Readonly<Record<string, unknown>>,
  at: string,
  problems: FieldProblem[],
): Readonly<Record<string, unknown>> {
  let [index, hasNull] = [0, false];
  for (const key in given) {
    const value = given[key];
    if (value === null) hasNull = true;
    else if (typeof value !== "string") note(problems, entryProblem(value, `${at}[${index}]`));
    index += 1;
  }
  // An entry without a value is an entry with the default one.
  return hasNull ? Object.fromEntries(Object.entries(given).map(([key, value]) => [key, value ?? ""])) : given;
}

function entryProblem(value: unknown, entry: string): FieldProblem {
  if (Array.isArray(value)) {
    const problem = invalidName(entry, "value", "Proto field is not repeating, cannot start list.", "wrong-type");
    return { ...problem, at: `${entry}.value` };
  }
  if (typeof value === "object") {
    return { ...invalidValue(entry, "value", "Starting an object on a scalar field"), at: `${entry}.value` };
  }
  return invalidValue(`${entry}.value`, "TYPE_STRING", shown(value));
}

function readSingle(type: FieldType, name: string, given: unknown, at: string, problems: FieldProblem[]): unknown {
  const refuse = (typeName: string, why = shown(given)): undefined => {
    note(problems, invalidValue(at, typeName, why));
  };
  switch (type) {
    case "string":
      return typeof given === "string" ? given : refuse("TYPE_STRING");
    case "bool":
      return booleanOf(given) ?? refuse("TYPE_BOOL");
    case "int32": {
      const number = numberOf(given);
      return number !== undefined && Number.isInteger(number) && Math.abs(number) < 2 ** 31
        ? number
        : refuse("TYPE_INT32");
    }
    case "float":
      return numberOf(given) ?? refuse("TYPE_FLOAT");
    case "duration": {
      const read = durationOf(given);
      return typeof read === "number" ? read : refuse(urlOf("google.protobuf.Duration"), `Field '${name}', ${read}`);
    }
    case "timestamp": {
      if (typeof given === "string" && RFC_3339.test(given) && !Number.isNaN(Date.parse(given))) return given;
      return refuse(urlOf("google.protobuf.Timestamp"), `Field '${name}', Invalid time format: ${shown(given)}`);
    }
    case "struct":
      return typeof given === "object" ? given : refuse(urlOf("google.protobuf.Struct"));
    default:
      if (type.kind === "message") {
        return typeof given === "object" && given !== null
          ? readMessage(type, given, at, problems)
          : refuse(urlOf(type.name));
      }
      return type.kind === "enum" ? (enumValueOf(type.values, given) ?? refuse(urlOf(type.name))) : undefined;
  }
}

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-]\d\d:\d\d)$/;
const TRUE = /^(?:true|t|yes|y|1)$/i;
const FALSE = /^(?:false|f|no|n|0)$/i;
/** google.protobuf.Duration: about 10,000 years. */
const MAX_DURATION_S = 315_576_000_000;

function booleanOf(given: unknown): boolean | undefined {
  const text = String(given);
  if (TRUE.test(text)) return true;
  return FALSE.test(text) ? false : undefined;
}

function numberOf(given: unknown): number | undefined {
  if (typeof given === "number") return given;
  return typeof given === "string" && /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/.test(given) ? Number(given) : undefined;
}

/** The value's name; a number is taken as one, also where the enum has no such value. */
function enumValueOf(values: readonly string[], given: unknown): string | undefined {
  if (typeof given === "string") {
    if (values.includes(given)) return given;
    const name = given.toUpperCase().replaceAll("-", "_");
    return values.find((value) => value === name) ?? (/^\d+$/.test(given) ? values[Number(given)] : undefined);
  }
  const number = numberOf(given);
  return number !== undefined && Number.isInteger(number) ? (values[number] ?? `${number}`) : undefined;
}

/** Seconds, or what is wrong with it. */
function durationOf(given: unknown): number | string {
  if (typeof given !== "string") return `Invalid data type for duration, value is ${shown(given)}`;
  if (/^\d{1,9}s$/.test(given)) return Number.parseInt(given, 10);
  if (!given.endsWith("s")) return "Illegal duration format; duration must end with 's'";
  const [, seconds, nanos] = /^(-?[^.]*)(?:\.(.*))?s$/.exec(given) ?? [];
  if (seconds === undefined || !/^-?\d+$/.test(seconds)) return "Invalid duration format, failed to parse seconds";
  if (nanos !== undefined && !/^\d{1,9}$/.test(nanos)) return "Invalid duration format, failed to parse nano seconds";
  const value = Number(given.slice(0, -1));
  return Math.abs(value) <= MAX_DURATION_S ? value : "Duration value exceeds limits";
}

function isScalar(type: FieldType): boolean {
  return typeof type === "string" ? type !== "struct" : type.kind === "enum";
}

function urlOf(name: string): string {
  return `type.googleapis.com/${name}`;
}

/** A value as Google quotes it back. */
function shown(value: unknown): string {
  const text = typeof value === "string" ? `"${value}"` : JSON.stringify(value);
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}...` : text;
}

function invalidName(path: string, name: string, why: string, kind: FieldProblem["kind"]): FieldProblem {
  const where = path === "" ? "" : ` at '${path}'`;
  const description = `Invalid JSON payload received. Unknown name "${name.slice(0, MAX_SHOWN_CHARACTERS)}"${where}: ${why}`;
  return { kind, at: path === "" ? name : `${path}.${name}`, ...(path === "" ? {} : { field: path }), description };
}

function invalidValue(path: string, typeName: string, why: string): FieldProblem {
  const where = path === "" ? "" : ` at '${path}'`;
  return {
    kind: "wrong-type",
    at: path,
    ...(path === "" ? {} : { field: path }),
    description: `Invalid value${where} (${typeName}), ${why}`,
  };
}

function note(problems: FieldProblem[], problem: FieldProblem): void {
  if (problems.length < MAX_PROBLEMS) problems.push(problem);
}
