import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { parseRpcMessage } from "./json-rpc.ts";
import { deviceLinkSchema } from "./device-link-schema.ts";
import { messageDefinition, messages } from "./messages.ts";
import type { MessageDefinition } from "./message-definition.ts";

/** JSON as the formatter leaves it: lists without objects stand on one line where they fit. */
function formatted(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  return `${text.replaceAll(/^.*\[\n[^[\]{}]+\n *\]/gmu, (list) => {
    const line = list
      .replace(/\[\n\s+/u, "[")
      .replace(/\n\s+\]$/u, "]")
      .replaceAll(/\n\s+/gu, " ");
    return line.length < 120 ? line : list;
  })}\n`;
}

/** What the probe is taken for: a method that must be refused. */
const probe: MessageDefinition = { from: "harness", kind: "request", title: "", params: z.object({}) };

interface Example {
  readonly from: "harness" | "app";
  readonly text: string;
}

/** The messages that docs/device-link.md shows: RingTrue's after an arrow to the right, the app's after one to the left. */
function examples(): readonly Example[] {
  const page = readFileSync(fileURLToPath(new URL("../../docs/device-link.md", import.meta.url)), "utf8");
  return [...page.matchAll(/^([→←]) (\{.*\})$/gmu)].map(([, arrow, text]) => ({
    from: arrow === "→" ? "harness" : "app",
    text: text ?? "",
  }));
}

describe("the messages of the device link", () => {
  test("the schema that the package ships is that of this code", async () => {
    await expect(formatted(deviceLinkSchema())).toMatchFileSnapshot("./device-link.schema.json");
  });

  test.each(Object.entries<MessageDefinition>(messages))(
    "%s names its device, and has a result exactly when it is a request",
    (method, definition) => {
      expect("device" in definition.params.shape).toBe(method !== "initialize");
      expect(definition.result !== undefined).toBe(definition.kind === "request");
    },
  );

  test("names that objects have of themselves are no methods", () => {
    for (const name of ["constructor", "__proto__", "toString"]) expect(messageDefinition(name)).toBeUndefined();
  });

  test("every example of the documentation is a message of the contract, and every request in it is answered", () => {
    const open = new Map<string, z.ZodType>();
    const shown = examples();
    for (const { from, text } of shown) {
      const other = from === "app" ? "harness" : "app";
      const message = parseRpcMessage(text);
      if (message.kind === "garbage") throw new Error(`no message: ${text}`);
      if ("method" in message) {
        const definition = message.method.startsWith("probe.") ? probe : messageDefinition(message.method);
        if (definition?.from !== from) throw new Error(`not said by this side: ${text}`);
        definition.params.parse(message.params);
        if (message.kind === "request") open.set(`${from} ${message.id}`, definition.result ?? z.never());
      } else {
        const result = open.get(`${other} ${message.id}`);
        if (result === undefined) throw new Error(`nobody asked: ${text}`);
        if (message.kind === "result") result.parse(message.result);
        open.delete(`${other} ${message.id}`);
      }
    }
    expect([...open.keys()]).toEqual([]);
    expect(shown.length).toBeGreaterThan(30);
  });

  test("the JSON Schema takes the examples of the documentation, and not the other side's requests", () => {
    const schema = deviceLinkSchema();
    const side = (name: string): z.ZodType => z.fromJSONSchema({ ...schema, anyOf: [{ $ref: `#/$defs/${name}` }] });
    const fits = { harness: side("to-app"), app: side("from-app") };
    const verdicts = examples().flatMap(({ from, text }) => {
      const message: unknown = JSON.parse(text);
      if (text.includes('"method":"probe.')) return [];
      const isRequest = text.includes('"method"');
      const own = fits[from].safeParse(message).success;
      const others = fits[from === "app" ? "harness" : "app"].safeParse(message).success;
      // A response looks the same from either side.
      return own && others !== isRequest ? [] : [text];
    });
    expect(verdicts).toEqual([]);
  });
});
