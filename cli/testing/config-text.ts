import { fileURLToPath } from "node:url";

/** The program with every reference server, lazy target and hostile target in it. */
export const referenceProgram = fileURLToPath(new URL("../../dist/mocks/reference/main.js", import.meta.url));

/**
 * The text of a config module for a target that is started with these arguments of Node; `--listen` is added.
 *
 * @param more members of the config, as source text.
 * @param before statements at the start of the module.
 */
export function configText(args: readonly string[], more = "", before = ""): string {
  return `
import { defineConfig, processTarget } from "ringtrue";
${before}
export default defineConfig({
  target: {
    name: "Acme", version: "1.0", role: "server", profile: "rfc8599",
    features: { platforms: ["ios"], transports: ["udp", "tcp"], kind: "proxy", wake: "when-disconnected", multipleDevices: true },
    start: processTarget({
      command: process.execPath,
      args: (world) => [...${JSON.stringify(args)}, "--listen", "127.0.0.1:" + world.port("sip")],
      ready: { log: "listening on" },
    }),
    sip: { address: (world) => ["udp:127.0.0.1:" + world.port("sip"), "tcp:127.0.0.1:" + world.port("sip")] },
  },
  deadlines: {
    pushAfterInviteMs: 1000, inviteAfterRegisterMs: 500, ringStopAfterHangupMs: 500, finalResponseMs: 4000, absenceMs: 500,
    inviteWaitMs: { min: 2000, max: 4000 },
  },
  ${more}
});
`;
}

/** A config for a reference server with a fault. */
export function faultyText(fault: string, more = ""): string {
  return configText([referenceProgram, "holding-proxy", "--fault", fault], more);
}

/** Arguments of a run of two witness plans, neither shrunk nor spread out: a few seconds. */
export const shortRun: readonly string[] = [
  "run",
  "--scenario",
  "caller-hangup",
  "--runs",
  "0",
  "--shard",
  "1/10",
  "--no-shrink",
  "--report-dir",
  "report",
];
