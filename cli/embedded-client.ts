import { fileURLToPath } from "node:url";
import { defineConfig } from "../harness/config/define-config.ts";
import { parseConfig } from "../harness/config/parse-config.ts";
import type { QualifiedConfig } from "../harness/config/config.ts";
import { processTarget } from "../harness/targets/process-target.ts";
import type { ReferenceClient } from "../scenarios/faults/fault.ts";
import { packageVersion } from "./package-version.ts";

/** Clients that do nothing useful: one says yes to everything, one no. */
export type LazyClient = "agrees" | "refuses";

/** How long the reference clients wait for an INVITE. Short, so that nobody waits for a run. */
const INVITE_WAIT_MS = 3_500;

const program = fileURLToPath(new URL("../mocks/reference/client/main.js", import.meta.url));

/** The config of a run against a reference client, or a client that does nothing useful. */
export function embeddedClient(client: ReferenceClient | LazyClient, fault?: string): QualifiedConfig {
  return parseConfig(
    defineConfig({
      target: {
        name: `RingTrue reference client ${client}${fault === undefined ? "" : ` with fault ${fault}`}`,
        version: packageVersion,
        vendor: "RingTrue",
        role: "client",
        profile: client === "at-once" ? { extends: "rfc8599", answerFulfil: "at-once" } : "rfc8599",
        features: {
          platforms: ["ios", "android"],
          transports: ["udp", "tcp", "tls", "ws"],
          video: true,
          concurrentCalls: true,
          digest: true,
        },
        start: processTarget({
          command: process.execPath,
          args: [
            program,
            client,
            "--invite-wait-ms",
            String(INVITE_WAIT_MS),
            ...(fault === undefined ? [] : ["--fault", fault]),
          ],
        }),
      },
      suite: { runs: 12, concurrency: 64 },
      // Cold starts as short as they can be on a phone, so that nobody waits for a run.
      os: { coldStartMs: 300 },
      deadlines: {
        appReactsMs: 2_000,
        ringStopAfterHangupMs: 1_200,
        absenceMs: 1_500,
        inviteWaitMs: { min: INVITE_WAIT_MS - 1_000, max: INVITE_WAIT_MS + 2_500 },
      },
    }),
    "the embedded default",
  );
}
