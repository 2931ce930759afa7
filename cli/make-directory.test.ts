import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeDirectory } from "./make-directory.ts";

describe("makeDirectory", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "make-directory-"));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test("makes those above it too, and leaves one that is there as it is", async () => {
    const path = join(root, "a", "b");
    await makeDirectory(path, 0o700);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    await makeDirectory(path, 0o755);
    expect(statSync(path).mode & 0o777).toBe(0o700);
    await Promise.all([1, 2, 3].map(async () => await makeDirectory(join(root, "c", "d"))));
    expect(existsSync(join(root, "c", "d"))).toBe(true);
  });

  test("says what stands in its way", async () => {
    writeFileSync(join(root, "file"), "");
    await expect(makeDirectory(join(root, "file"))).rejects.toThrow("EEXIST");
    await expect(makeDirectory(join(root, "file", "below"))).rejects.toThrow(/ENOTDIR|EEXIST/);
  });

  test.skipIf(process.platform !== "linux")("ends on a file system that makes none", async () => {
    await expect(makeDirectory("/proc/ringtrue/below")).rejects.toThrow("ENOENT");
  });
});
