import { createJiti } from "jiti";
import { messageOf, TargetError } from "../../harness/errors.ts";
import type { CreateApp } from "../../harness/targets/module-app.ts";

/**
 * The `CreateApp` that a module exports.
 *
 * @param url of the file; TypeScript is translated on the way.
 * @throws TargetError `module-not-loaded`, `no-create-app`
 */
export async function loadApp(url: string, name: string): Promise<CreateApp> {
  const exported = await load(url);
  const create = exported[name];
  if (typeof create === "function") return create as CreateApp;
  throw new TargetError(
    "no-create-app",
    `The module ${url} exports no function ${name}; it exports ${Object.keys(exported).join(", ") || "nothing"}.`,
  );
}

async function load(url: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const loaded: unknown = /\.[cm]?tsx?$/.test(new URL(url).pathname)
      ? await createJiti(url, { fsCache: false }).import(url)
      : await import(url);
    return loaded as Readonly<Record<string, unknown>>;
  } catch (error) {
    throw new TargetError("module-not-loaded", `The module ${url} cannot be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
