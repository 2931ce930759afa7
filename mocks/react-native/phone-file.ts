import type { Platform } from "../../harness/trace/trace-event.ts";

const EXTENSIONS = ["js", "jsx", "ts", "tsx"];

/**
 * The file Metro takes for an import without an extension where there is one for phones (React Native, "Platform-specific code");
 * undefined: there is none, and it is imported like any other.
 */
export function phoneFile(path: string, platform: Platform, isFile: (path: string) => boolean): string | undefined {
  const names = [platform, "native"].flatMap((kind) => EXTENSIONS.map((extension) => `${path}.${kind}.${extension}`));
  return names.find((name) => isFile(name));
}
