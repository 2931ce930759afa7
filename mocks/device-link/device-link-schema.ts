import { z } from "zod";
import { messages } from "./messages.ts";
import type { MessageDefinition } from "./message-definition.ts";
import { PROTOCOL } from "./process-messages.ts";

type JsonSchema = Readonly<Record<string, unknown>>;

const id = { type: ["number", "string"] };
const jsonrpc = { const: "2.0" };
/** Nothing fits it, so that the member must not be there. */
const absent = { not: {} };
const ref = (name: string): JsonSchema => ({ $ref: `#/$defs/${name}` });

/**
 * JSON Schema (draft 2020-12) of every message, for adapters in any language. A line that RingTrue writes fits `$defs/to-app`,
 * one that an adapter writes `$defs/from-app`; the definition of a whole request is named after its method, with `.params` and
 * `.result` beside it.
 */
export function deviceLinkSchema(): JsonSchema {
  const definitions = Object.entries<MessageDefinition>(messages);
  const sentBy = (from: MessageDefinition["from"]): JsonSchema => ({
    anyOf: [...definitions.filter(([, one]) => one.from === from).map(([method]) => ref(method)), ref("response")],
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: PROTOCOL,
    title: "RingTrue device link",
    description: "One message of JSON-RPC 2.0. Members that are not named here are ignored.",
    anyOf: [ref("to-app"), ref("from-app")],
    $defs: {
      "to-app": sentBy("harness"),
      "from-app": sentBy("app"),
      response: { anyOf: [ref("response.result"), ref("response.error")] },
      "response.result": {
        type: "object",
        description: "The result fits $defs/<method>.result",
        properties: { jsonrpc, id, method: absent, result: { type: "object" }, error: absent },
        required: ["jsonrpc", "id", "result"],
      },
      "response.error": {
        type: "object",
        properties: {
          jsonrpc,
          id,
          method: absent,
          result: absent,
          error: {
            type: "object",
            properties: { code: { type: "integer" }, message: { type: "string" }, data: {} },
            required: ["code", "message"],
          },
        },
        required: ["jsonrpc", "id", "error"],
      },
      ...Object.fromEntries(definitions.flatMap(([method, definition]) => schemasOf(method, definition))),
    },
  };
}

function schemasOf(method: string, definition: MessageDefinition): readonly (readonly [string, JsonSchema])[] {
  const { kind, title, platform, params, result } = definition;
  const isRequest = kind === "request";
  return [
    [
      method,
      {
        type: "object",
        title,
        ...(platform === undefined ? {} : { description: `${platform} only` }),
        properties: {
          jsonrpc,
          id: isRequest ? id : absent,
          method: { const: method },
          params: ref(`${method}.params`),
        },
        required: ["jsonrpc", ...(isRequest ? ["id"] : []), "method", "params"],
      },
    ],
    [`${method}.params`, plainSchema(params)],
    ...(result === undefined ? [] : [[`${method}.result`, plainSchema(result)] as const]),
  ];
}

function plainSchema(schema: z.ZodType): JsonSchema {
  // Of what is read, not of what is written: members that later versions add are put up with.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { target: "draft-2020-12", io: "input" });
  return rest;
}
