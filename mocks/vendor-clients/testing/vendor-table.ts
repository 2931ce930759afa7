import type { VendorClient } from "./vendor-clients.ts";

/** The part of `docs/vendor-clients.md` that is generated: one row per client, and under it what it does wrong. */
export function vendorTable(clients: readonly VendorClient[], versions: Readonly<Record<string, string>>): string {
  const rows = clients.map(({ name, isPackage, pointing }) => [
    name,
    isPackage ? (versions[name] ?? "") : "any",
    pointing.replaceAll("|", String.raw`\|`),
  ]);
  const habits = clients.map(
    ({ name, habits }) =>
      `### ${name}\n\n${habits.map(({ finding, when }) => `- \`${finding}\`: ${when}.`).join("\n")}`,
  );
  return `${markdownTable([["Client", "Version", "How to point it at the mocks"], ...rows])}\n\n${habits.join("\n\n")}`;
}

function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`);
  const [head = "", ...body] = lines;
  return [head, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body].join("\n");
}
