import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { createJiti } from "jiti";
import { messageOf, RingTrueError, UsageError } from "../errors.ts";
import * as ringtrue from "../index.ts";
import type { QualifiedConfig } from "./config.ts";
import { parseConfig } from "./parse-config.ts";

const NAMES = ["ringtrue.config.ts", "ringtrue.config.js", "ringtrue.config.mjs", "ringtrue.config.json"];

/** The config file of a directory, if it has one. */
export function findConfig(directory: string): string | undefined {
  return NAMES.map((name) => join(directory, name)).find((path) => existsSync(path));
}

/**
 * Reads a config file (.ts, .js, .mjs or .json). Its imports of `ringtrue` are this very program's, wherever the file lies and
 * whether or not the package is installed beside it.
 *
 * @throws UsageError naming the file when it cannot be read or is no valid config.
 */
export async function loadConfig(file: string, directory = process.cwd()): Promise<QualifiedConfig> {
  const path = resolve(directory, file);
  if (!existsSync(path)) throw new UsageError("no-config", `There is no config file ${file} (looked for ${path}).`);
  const extension = extname(path);
  if (![".ts", ".mts", ".js", ".mjs", ".json"].includes(extension))
    throw new UsageError(
      "bad-config",
      `${file}: a config file ends in .ts, .js, .mjs or .json, not ${JSON.stringify(extension)}.`,
    );
  return parseConfig(extension === ".json" ? await readJson(path, file) : await importDefault(path, file), file);
}

async function readJson(path: string, file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    throw new UsageError("bad-config", `${file} cannot be read as JSON: ${messageOf(error)}`, { cause: error });
  }
}

async function importDefault(path: string, file: string): Promise<unknown> {
  const jiti = createJiti(path, {
    virtualModules: { ringtrue },
    interopDefault: true,
    moduleCache: false,
    fsCache: false,
  });
  try {
    const config: unknown = await jiti.import(path, { default: true });
    // A module without a default export comes as itself.
    if (typeof config !== "object" || config === null || Object.keys(config).length === 0)
      throw new UsageError("bad-config", `${file} must export its config: export default defineConfig({ ... }).`);
    return config;
  } catch (error) {
    if (error instanceof RingTrueError) throw error;
    const message = oneLine(messageOf(error));
    const unknown = /\b(containerTarget)\b/.exec(message)?.[1];
    if (unknown !== undefined)
      throw new UsageError("not-in-this-version", `${file}: this version of RingTrue has no ${unknown}.`, {
        cause: error,
      });
    throw new UsageError("bad-config", `${file} cannot be loaded: ${message}`, { cause: error });
  }
}

/** Without the import chain that Node adds, and with the place that jiti puts on a line of its own. */
function oneLine(message: string): string {
  return message.replace(/\nRequire stack:[^]*$/, "").replaceAll(/\s*\n\s*/g, " at ");
}
