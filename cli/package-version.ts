import { readFileSync } from "node:fs";

/** Beside the sources the package file is one folder up, beside dist/ two. */
function readVersion(): string {
  for (const path of ["../package.json", "../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as Record<
        string,
        string
      >;
      if (name === "ringtrue" && version !== undefined) return version;
    } catch {
      // Not there: the next place.
    }
  }
  return "0.0.0";
}

/** The version of this package. */
export const packageVersion = readVersion();
