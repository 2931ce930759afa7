import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { vendorClients } from "./testing/vendor-clients.ts";
import { vendorTable } from "./testing/vendor-table.ts";

const text = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

test("docs/vendor-clients.md says what the tests of each client show, in the versions they show it for", () => {
  const { devDependencies } = JSON.parse(text("package.json")) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const [, generated] = /<!-- table -->\n\n([^]*)\n\n<!-- end of table -->/.exec(text("docs/vendor-clients.md")) ?? [];
  expect(generated).toBe(vendorTable(vendorClients, devDependencies));
});
