import { existsSync, statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { Platform } from "../../harness/trace/trace-event.ts";
import { phoneFile } from "./phone-file.ts";
import { shimFiles } from "./shim-files.ts";

/** As much of a Vite plugin as this is. */
export interface ReactNativePlugin {
  readonly name: string;
  readonly enforce: "pre";
  config(): object;
  resolveId(source: string, importer: string | undefined): string | undefined;
}

export interface ReactNativePluginOptions {
  /**
   * Whose files stand before the others: `x.ios.js` and `x.native.js` before `x.js`. Apps with files of their own for both platforms
   * need two projects.
   *
   * @default "ios"
   */
  readonly platform?: Platform;
}

/**
 * The plugin for vitest's config that lets React Native packages run in Node: `react-native` becomes the shim, packages of its world
 * are processed instead of being left to Node, and files for phones stand before others.
 *
 * @example
 *   export default defineConfig({ plugins: [reactNative()] });
 */
export function reactNative({ platform = "ios" }: ReactNativePluginOptions = {}): ReactNativePlugin {
  return {
    name: "ringtrue:react-native",
    enforce: "pre",
    // The shim too: left to Node, it would be the same for every launch.
    config: () => ({
      test: {
        server: {
          deps: { inline: [/node_modules\/(?:@[^/]*\/)?react-native/, /@react-native/, /\/react-native\/shim\//] },
        },
      },
    }),
    resolveId(source, importer) {
      const shim = shimFiles.get(source);
      if (shim !== undefined) return fileURLToPath(shim);
      if (importer === undefined || !source.startsWith(".")) return undefined;
      return phoneFile(resolve(dirname(importer.split("?")[0] ?? importer), source), platform, isFile);
    },
  };
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
