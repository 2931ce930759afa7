import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { HarnessFault } from "../../harness/errors.ts";
import { isOwnError } from "./is-own-error.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

function thrownIn(...files: readonly string[]): Error {
  const error = new TypeError("no");
  error.stack = ["TypeError: no", ...files.map((file) => `    at act (${file}:1:2)`)].join("\n");
  return error;
}

describe("whose fault an error in a thread is", () => {
  test.each<[string, unknown, boolean]>([
    ["RingTrue's own kind", new HarnessFault("x", "y"), true],
    ["thrown in RingTrue's code", thrownIn(`file://${root}mocks/sip/sip-hub.ts`), true],
    ["thrown in a package that RingTrue called", thrownIn(`${root}node_modules/a/b.js`, `${root}harness/x.ts`), true],
    ["thrown in an app", thrownIn("file:///srv/phone/app.js", `file://${root}mocks/virtual/app-host.ts`), false],
    ["thrown in a package that an app called", thrownIn("/srv/phone/node_modules/a/b.js", "/srv/phone/app.js"), false],
    ["thrown in a reference client", thrownIn(`file://${root}mocks/reference/client/calls.js`), false],
    ["thrown by nobody who can be named", thrownIn("node:internal/timers"), false],
    ["no error at all", "thrown text", false],
  ])("%s", (_, error, isOwn) => {
    expect(isOwnError(error)).toBe(isOwn);
  });
});
