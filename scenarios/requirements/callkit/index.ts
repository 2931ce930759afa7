import type { Requirement } from "../../../harness/judge/requirement.ts";
import { actionSettledOnce } from "./action-settled-once.ts";
import { actionsSettled } from "./actions-settled.ts";
import { answeredElsewhere } from "./answered-elsewhere.ts";
import { callerUpdated } from "./caller-updated.ts";
import { declinedElsewhere } from "./declined-elsewhere.ts";
import { endedReason } from "./ended-reason.ts";
import { failedConnection } from "./failed-connection.ts";
import { filteredNotAnswered } from "./filtered-not-answered.ts";
import { fulfilsAfterAccepting } from "./fulfils-after-accepting.ts";
import { fulfilsOnceConnected } from "./fulfils-once-connected.ts";
import { resetEndsCalls } from "./reset-ends-calls.ts";

/** What an iOS app tells the system of its calls. */
export const callkitRequirements: readonly Requirement[] = [
  fulfilsOnceConnected,
  fulfilsAfterAccepting,
  actionsSettled,
  actionSettledOnce,
  endedReason,
  answeredElsewhere,
  declinedElsewhere,
  failedConnection,
  callerUpdated,
  filteredNotAnswered,
  resetEndsCalls,
];
