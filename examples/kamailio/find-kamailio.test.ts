import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findKamailio } from "./find-kamailio.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "find-kamailio-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function install(...files: readonly string[]): void {
  for (const file of files) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, "#!/bin/sh\necho 'version: kamailio 5.6.3 (aarch64/linux)'\n");
    chmodSync(path, 0o755);
  }
}

const find = () =>
  findKamailio({ commands: [join(root, "nothing"), join(root, "sbin")], libraries: join(root, "lib") });

describe("findKamailio", () => {
  test("finds the modules under whatever architecture they are installed", () => {
    const modules = "lib/aarch64-linux-gnu/kamailio/modules";
    install("sbin/kamailio", `${modules}/http_client.so`, `${modules}/uuid.so`, "lib/python3/other");
    expect(find()).toEqual({ command: join(root, "sbin/kamailio"), version: "5.6.3", modules: join(root, modules) });
  });

  test("names the packages when there is no kamailio", () => {
    expect(find).toThrow(/apt-get install kamailio kamailio-utils-modules kamailio-extra-modules/);
  });

  test("names the packages when one of them is missing", () => {
    install("sbin/kamailio", "lib/x86_64-linux-gnu/kamailio/modules/http_client.so");
    expect(find).toThrow(/http_client.so or uuid.so.*apt-get install kamailio kamailio-utils-modules/);
  });
});
