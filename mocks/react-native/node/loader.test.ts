import { fileURLToPath } from "node:url";
import { beforeEach, expect, test } from "vitest";
import { initialize, load, resolve } from "./loader.ts";

const example = new URL("../../../examples/react-native-callkeep/", import.meta.url);
const adapter = new URL("adapter.js", example).href;
const packages = new URL("../../../node_modules/", import.meta.url);
const graph = new Int32Array(new SharedArrayBuffer(4));

// The loader takes every file in the checkout for RingTrue's own but those of the packages.
const outside = (name: string): string => `file:///somewhere/else/${name}`;
const asNode = async (specifier: string, { parentURL }: { readonly parentURL?: string }) => ({
  url: new URL(specifier, parentURL).href,
});

beforeEach(() => {
  graph[0] = 1;
  initialize({ graph, platform: "ios" });
});

test("react-native is the shim, in the graph of who imports it", async () => {
  const { url } = await resolve("react-native", { parentURL: `${outside("app.js")}?graph=7` }, asNode);
  expect(url).toMatch(/shim\/react-native\.ts\?graph=7$/);
});

test("what a launch imports belongs to its graph, and so does what that imports", async () => {
  const first = await resolve("./app.js", { parentURL: outside("adapter.js") }, asNode);
  expect(first.url).toBe(`${outside("app.js")}?graph=1`);
  graph[0] = 2;
  const later = await resolve("./other.js", { parentURL: first.url }, asNode);
  expect(later.url).toBe(`${outside("other.js")}?graph=1`);
  expect((await resolve("./app.js", { parentURL: outside("adapter.js") }, asNode)).url).toBe(
    `${outside("app.js")}?graph=2`,
  );
});

test("nothing is renewed before the first launch, nor RingTrue's own modules", async () => {
  expect((await resolve("./phone.js", { parentURL: adapter }, asNode)).url).not.toContain("graph");
  graph[0] = 0;
  expect((await resolve("./app.js", { parentURL: outside("adapter.js") }, asNode)).url).toBe(outside("app.js"));
});

test("an import without an extension finds the file, first the one for phones", async () => {
  const calls = await resolve("./calls", { parentURL: new URL("app/index.js", example).href }, asNode);
  expect(calls.url).toMatch(/app\/calls\.js$/);
  const native = await resolve(
    "./nativeModule",
    { parentURL: new URL("@react-native-firebase/app/dist/module/internal/index.js", packages).href },
    asNode,
  );
  expect(native.url).toMatch(/nativeModule\.ios\.js\?graph=1$/);
});

test("React Native packages load as ES modules, others as Node says", async () => {
  const url = new URL("react-native-callkeep/index.js", packages);
  const next = async () => ({ format: "commonjs", source: "as Node says" });
  const loaded = await load(`${url.href}?graph=1`, {}, next);
  expect(loaded.format).toBe("module");
  expect(String(loaded.source)).toContain("import { NativeModules");
  expect((await load(fileURLToPath(url).replace("react-native-callkeep", "ws"), {}, next)).source).toBe("as Node says");
});
