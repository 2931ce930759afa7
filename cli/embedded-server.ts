import { fileURLToPath } from "node:url";
import { defineConfig } from "../harness/config/define-config.ts";
import { parseConfig } from "../harness/config/parse-config.ts";
import type { QualifiedConfig } from "../harness/config/config.ts";
import { processTarget } from "../harness/targets/process-target.ts";
import type { ReferenceServer } from "../scenarios/faults/fault.ts";
import { packageVersion } from "./package-version.ts";

/** Servers that do nothing useful, in three ways. */
export type LazyServer = "silent" | "always-reject" | "always-200";

/** How long the reference servers wait for a woken phone. Short, so that nobody waits for a run. */
const HOLD_MS = 3_000;

const program = fileURLToPath(new URL("../mocks/reference/main.js", import.meta.url));

/** The config of a run against a reference server, or a server that does nothing useful. */
export function embeddedServer(server: ReferenceServer | LazyServer, fault?: string): QualifiedConfig {
  return parseConfig(
    defineConfig({
      target: {
        name: `RingTrue reference ${server}${fault === undefined ? "" : ` with fault ${fault}`}`,
        version: packageVersion,
        vendor: "RingTrue",
        role: "server",
        profile: "rfc8599",
        features: {
          platforms: ["ios", "android"],
          transports: ["udp", "tcp"],
          kind: server === "b2bua" ? "b2bua" : "proxy",
          wake: "when-disconnected",
          delivery: server === "parallel-proxy" ? "parallel" : "hold",
          video: true,
          multipleDevices: true,
          concurrentCalls: true,
          minExpiresS: 1,
        },
        start: processTarget({
          command: process.execPath,
          args: (world) => [
            program,
            server,
            "--listen",
            `127.0.0.1:${world.port("sip")}`,
            "--hold-ms",
            String(HOLD_MS),
            ...(fault === undefined ? [] : ["--fault", fault]),
          ],
          ready: { log: "listening on" },
        }),
        sip: { address: (world) => [`udp:127.0.0.1:${world.port("sip")}`, `tcp:127.0.0.1:${world.port("sip")}`] },
      },
      suite: { runs: 12, concurrency: 32 },
      deadlines: {
        pushAfterInviteMs: 2_000,
        inviteAfterRegisterMs: 1_200,
        ringStopAfterHangupMs: 1_200,
        finalResponseMs: HOLD_MS + 3_000,
        absenceMs: 1_500,
        inviteWaitMs: { min: HOLD_MS - 500, max: 35_000 },
      },
    }),
    "the embedded default",
  );
}
