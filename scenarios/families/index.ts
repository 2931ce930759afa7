import type { Scenario } from "../../harness/plan/scenario.ts";
import { answerBeforeConnect } from "./answer-before-connect.ts";
import { callerHangup } from "./caller-hangup.ts";
import { delayedDelivery } from "./delayed-delivery.ts";
import { inviteBeforePush } from "./invite-before-push.ts";
import { pushBeforeInvite } from "./push-before-invite.ts";

/** The five families every target meets. */
export const families: readonly Scenario[] = [
  pushBeforeInvite,
  inviteBeforePush,
  callerHangup,
  delayedDelivery,
  answerBeforeConnect,
];
