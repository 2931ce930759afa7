import { existsSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Platform } from "../../../harness/trace/trace-event.ts";
import { phoneFile } from "../phone-file.ts";
import { shimFiles } from "../shim-files.ts";

/** Hooks of Node's module loader (Node, "Customization Hooks"). They run on a thread of their own. */
interface Data {
  /** The number of the module graph that begins with the next import of the app. */
  readonly graph: Int32Array;
  readonly platform: Platform;
}

interface Resolved {
  readonly url: string;
  readonly format?: string | null | undefined;
  readonly shortCircuit?: boolean;
}

type NextResolve = (specifier: string, context: { readonly parentURL?: string }) => Promise<Resolved>;
type NextLoad = (
  url: string,
  context: object,
) => Promise<{ readonly format?: string | null | undefined; readonly source?: unknown }>;

/** RingTrue's own files, which must not be doubled. */
const OWN = new URL("../../../", import.meta.url).href;

let data: Data | undefined;

export function initialize(given: Data): void {
  data = given;
}

/**
 * A module of the app, or of a React Native package, belongs to the graph of its importer; what is imported from outside begins in
 * the newest one. The same file in another graph is another module.
 */
export async function resolve(
  specifier: string,
  context: { readonly parentURL?: string },
  next: NextResolve,
): Promise<Resolved> {
  const { parentURL } = context;
  const graph = graphOf(parentURL);
  const shim = shimFiles.get(specifier);
  if (shim !== undefined) return { url: inGraph(shim.href, graph), shortCircuit: true };
  const file =
    parentURL === undefined || !specifier.startsWith(".") ? undefined : appFile(new URL(specifier, parentURL));
  const resolved: Resolved = file === undefined ? await next(specifier, context) : { url: file };
  if (!isRenewed(resolved.url, graph)) return resolved;
  return { ...resolved, url: inGraph(resolved.url, graph), shortCircuit: true };
}

/** Packages of React Native's world are written as ES modules and do not say so. */
export async function load(url: string, context: object, next: NextLoad) {
  if (!isReactNative(url) || !/\.js(?:\?|$)/.test(url)) return await next(url, context);
  return { format: "module", source: await readFile(new URL(url.split("?")[0] ?? url)), shortCircuit: true };
}

function graphOf(url: string | undefined): string {
  const own = url === undefined ? null : new URL(url).searchParams.get("graph");
  return own ?? String(data === undefined ? 0 : Atomics.load(data.graph, 0));
}

function inGraph(url: string, graph: string): string {
  const whole = new URL(url);
  whole.searchParams.set("graph", graph);
  return whole.href;
}

/** An import without an extension, or of a folder, as Metro resolves it. */
function appFile(url: URL): string | undefined {
  if (url.protocol !== "file:") return undefined;
  const path = fileURLToPath(new URL(url.pathname, url));
  if (isFile(path)) return undefined;
  const found =
    phoneFile(path, data?.platform ?? "ios", isFile) ?? [`${path}.js`, `${path}/index.js`].find((name) => isFile(name));
  return found === undefined ? undefined : pathToFileURL(found).href;
}

/** The packages that keep an app's state, and once a launch has begun what is neither a package nor RingTrue's: the app's own files. */
function isRenewed(url: string, graph: string): boolean {
  if (isReactNative(url)) return true;
  return graph !== "0" && url.startsWith("file:") && !url.includes("/node_modules/") && !url.startsWith(OWN);
}

function isReactNative(url: string): boolean {
  return /\/node_modules\/(?:@react-native[^/]*\/|react-native)/.test(url);
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
