import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sampleRun } from "../testing/sample-run.ts";
import { htmlReport } from "./html-report.ts";

const executablePath = "/usr/bin/chromium";
const isThere = existsSync(executablePath);
const mustRun = process.env["RINGTRUE_REQUIRE_ALL"] === "1";
const hostile = `"><script>window.hacked = 1</script></script><img src=x onerror="window.hacked=1">'\u2028\u202e${"w".repeat(300)}`;

// A skipped test's title is not printed by every reporter.
if (!isThere)
  process.stderr.write(`NOT TESTED: the HTML report in a browser: chromium is missing (${executablePath})\n`);

test.skipIf(!isThere && !mustRun)(
  `chromium is at ${executablePath}; without it the HTML report is NOT TESTED in a browser`,
  () => {
    expect(isThere).toBe(true);
  },
);

describe.runIf(isThere)("index.html in a browser", () => {
  let browser: Browser;
  let directory: string;
  const files: Record<string, string> = {};

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "ringtrue-html-"));
    for (const [name, text] of [
      ["ordinary", ""],
      ["hostile", hostile],
    ] as const) {
      const { result, context } = sampleRun({ hostile: text });
      files[name] = `file://${join(directory, `${name}.html`)}`;
      await writeFile(join(directory, `${name}.html`), htmlReport(result, context));
    }
    const args = ["--no-sandbox", "--headless", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
    browser = await chromium.launch({ executablePath, args });
  });

  afterAll(async () => {
    await browser.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Opens a page, does something with it, and gives what went wrong meanwhile: errors, refused scripts, requests. */
  async function troublesOf(
    name: string,
    options: { readonly width: number; readonly colorScheme: "light" | "dark" },
    visit: (page: Page) => Promise<void>,
  ): Promise<readonly string[]> {
    const { width, colorScheme } = options;
    const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
    const troubles: string[] = [];
    page.on("pageerror", (error) => troubles.push(error.message));
    page.on("console", (message) => troubles.push(message.text()));
    page.on("dialog", (dialog) => {
      troubles.push("a dialog");
      void dialog.dismiss();
    });
    page.on("request", (request) => {
      if (request.url() !== files[name]) troubles.push(`a request to ${request.url()}`);
    });
    try {
      await page.goto(files[name] ?? "");
      await visit(page);
    } finally {
      await page.close();
    }
    return troubles;
  }

  test.each([
    ["ordinary", 1200, "light"],
    ["ordinary", 390, "dark"],
    ["hostile", 390, "light"],
    ["hostile", 1200, "dark"],
  ] as const)(
    "%s text at %i pixels in %s: fits the screen, asks for nothing, runs nothing foreign",
    async (name, width, colorScheme) => {
      const troubles = await troublesOf(name, { width, colorScheme }, async (page) => {
        for (const summary of await page.locator("summary").all()) {
          await summary.evaluate((element) => {
            (element as unknown as { parentElement: { open: boolean } }).parentElement.open = true;
          });
        }
        expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
        expect(await page.evaluate("window.hacked")).toBeUndefined();
        expect(await page.title()).toContain("NOT CONFORMANT: Acme SIP proxy");
      });
      expect(troubles).toEqual([]);
    },
  );

  test("dark and light differ", async () => {
    const colours: unknown[] = [];
    for (const colorScheme of ["light", "dark"] as const) {
      await troublesOf("ordinary", { width: 800, colorScheme }, async (page) => {
        colours.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
      });
    }
    expect(new Set(colours).size).toBe(2);
  });

  test("requirements are filtered by verdict and by words", async () => {
    const troubles = await troublesOf("ordinary", { width: 800, colorScheme: "light" }, async (page) => {
      const rows = page.locator("#requirements > details:visible");
      expect(await rows.count()).toBe(9);
      await page.getByRole("button", { name: /^failed \d/u }).click();
      expect(await rows.count()).toBe(3);
      await page.getByRole("searchbox").fill("APNS kept");
      expect(await rows.locator("code").allTextContents()).toEqual(["apns/connection-reuse"]);
      await page.getByRole("searchbox").fill("nothing like it");
      expect(await page.locator("#none").isVisible()).toBe(true);
    });
    expect(troubles).toEqual([]);
  });

  test("the violating message opens and shows itself", async () => {
    await troublesOf("ordinary", { width: 800, colorScheme: "light" }, async (page) => {
      const row = page.locator("#failure-flow-no-cancel-push .ladder details.violation");
      expect(await row.locator("pre").isVisible()).toBe(false);
      await row.locator("summary").click();
      expect(await row.locator("pre").textContent()).toContain("apns-topic: test.example.app.voip");
    });
  });
});
