import type { OpenRun } from "../cli/open-run.ts";
import { casePlayer, type CasePlayer } from "../harness/run/case-player.ts";
import { requirements } from "../scenarios/catalogue.ts";
import { ownSipFaults } from "../scenarios/requirements/sip/own-sip-faults.ts";

/** Plays plans in an open run, each judged by every requirement. Two runs of one process share no accounts. */
export function judgingPlayer({ world, clock }: OpenRun): CasePlayer {
  const nonce = `bench${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  return casePlayer({ world, requirements, ownFaults: ownSipFaults, nonce, clock });
}
