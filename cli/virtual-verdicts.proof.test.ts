import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import type { QualifiedConfig } from "../harness/config/config.ts";
import type { Verdict } from "../harness/judge/requirement.ts";
import { casePlayer } from "../harness/run/case-player.ts";
import { pool } from "../harness/run/pool.ts";
import { surveyCases } from "../harness/run/survey-cases.ts";
import { moduleTarget } from "../harness/targets/module-target.ts";
import { processTarget } from "../harness/targets/process-target.ts";
import type { TargetDefinition } from "../harness/targets/target-definition.ts";
import { requirements, scenarios } from "../scenarios/catalogue.ts";
import { ownSipFaults } from "../scenarios/requirements/sip/own-sip-faults.ts";
import { embeddedClient } from "./embedded-client.ts";
import { openRun } from "./open-run.ts";

const clients = new URL("../dist/mocks/reference/client/", import.meta.url);
const INVITE_WAIT_MS = 1_500;
const FAULT = "answers-without-sdp";
const PLANS = 10;

test("ten plans get the same verdicts in virtual time and live", { timeout: 60_000 }, async () => {
  const query = `client=connected&fault=${FAULT}&invite-wait-ms=${INVITE_WAIT_MS}`;
  const [virtual, live] = await Promise.all([
    verdictsOf(moduleTarget({ module: new URL(`module.js?${query}`, clients), workers: 1 })),
    verdictsOf(
      processTarget({
        command: process.execPath,
        args: [
          fileURLToPath(new URL("main.js", clients)),
          "connected",
          "--fault",
          FAULT,
          "--invite-wait-ms",
          String(INVITE_WAIT_MS),
        ],
      }),
    ),
  ]);
  expect(virtual.size).toBe(PLANS);
  for (const [id, verdicts] of virtual) {
    const open = Object.entries(live.get(id)!).flatMap(([name, verdict]) => (isOpen(verdict) ? [name] : []));
    expect({ id, ...words(verdicts, open) }).toEqual({ id, ...words(live.get(id)!, open) });
  }
  const fails = [...virtual.values()].flatMap((verdicts) =>
    Object.values(verdicts).filter(({ kind }) => kind === "fail"),
  );
  expect(fails.map((verdict) => (verdict.kind === "fail" ? verdict.mismatch : ""))).toContain("no-sdp");
});

type Verdicts = Readonly<Record<string, Verdict>>;

/** What a busy machine may have brought about. */
function isOpen(verdict: Verdict): boolean {
  return verdict.kind === "inconclusive" || (verdict.kind === "fail" && verdict.basis === "deadline");
}

function words(verdicts: Verdicts, but: readonly string[]): Readonly<Record<string, string>> {
  const judged = Object.entries(verdicts).filter(([name]) => !but.includes(name));
  return Object.fromEntries(
    judged.map(([name, verdict]) => [name, verdict.kind === "fail" ? verdict.mismatch : verdict.kind]),
  );
}

async function verdictsOf(start: TargetDefinition): Promise<ReadonlyMap<string, Verdicts>> {
  const signal = new AbortController().signal;
  const run = await openRun(configOf(start), signal, () => {});
  try {
    run.world.attach(run.target);
    const { world, clock } = run;
    const player = casePlayer({ world, requirements, ownFaults: ownSipFaults, nonce: "virtual", clock });
    const family = scenarios.filter(({ id }) => id === "push-before-invite");
    const waiting = surveyCases(family, run.facts, { runs: 0, seed: 1 }).slice(0, PLANS);
    const verdicts = new Map<string, Verdicts>();
    await pool(
      PLANS,
      () => waiting.shift(),
      async ({ id, surveyed }) => void verdicts.set(id, (await player.play(id, surveyed.value, signal)).verdicts),
    );
    return verdicts;
  } finally {
    await run.close();
  }
}

/** Times short enough for a test. */
function configOf(start: TargetDefinition): QualifiedConfig {
  const { target, deadlines, ...config } = embeddedClient("connected");
  return {
    ...config,
    target: {
      ...target,
      start: [start],
      features: { ...target.features, platforms: ["ios"], transports: ["udp"], digest: false },
    },
    deadlines: {
      ...deadlines,
      appReactsMs: 500,
      ringStopAfterHangupMs: 500,
      absenceMs: 500,
      inviteWaitMs: { min: 1_000, max: 4_000 },
    },
  };
}
