// Compiles to dist/ and copies the files that are not TypeScript. Plain Node so that it runs before anything is built.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, rmSync } from "node:fs";

const compiler = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
if (compiler.status !== 0) process.exit(compiler.status ?? 1);
const assets = [
  "reports/json/report.schema.json",
  "mocks/device-link/device-link.schema.json",
  "mocks/redirect/preload.cjs",
];
for (const asset of assets) {
  rmSync(`dist/${asset}`, { force: true });
  if (existsSync(asset)) cpSync(asset, `dist/${asset}`);
}
if (existsSync("dist/cli/main.js")) chmodSync("dist/cli/main.js", 0o755);
