import type { Witness } from "../plan-for.ts";
import type { ClientWitnesses } from "./all-client-witnesses.ts";
import { clientAnswerBeforeConnectWitnesses } from "./answer-before-connect-witnesses.ts";
import { clientCallerHangupWitnesses } from "./caller-hangup-witnesses.ts";
import { clientDelayedDeliveryWitnesses } from "./delayed-delivery-witnesses.ts";
import { deviceLinkWitnesses } from "./device-link-witnesses.ts";
import { clientInviteBeforePushWitnesses } from "./invite-before-push-witnesses.ts";
import { clientPushBeforeInviteWitnesses } from "./push-before-invite-witnesses.ts";

function byName<T extends ClientWitnesses>({ onEach, inTurn }: T): T["onEach"] & T["inTurn"] {
  return { ...onEach, ...inTurn };
}

/** Every hand-picked plan for client targets, by family and name. */
export const clientWitnesses = {
  "push-before-invite": byName(clientPushBeforeInviteWitnesses),
  "invite-before-push": byName(clientInviteBeforePushWitnesses),
  "caller-hangup": byName(clientCallerHangupWitnesses),
  "delayed-delivery": byName(clientDelayedDeliveryWitnesses),
  "answer-before-connect": byName(clientAnswerBeforeConnectWitnesses),
  "device-link": byName(deviceLinkWitnesses),
} as const satisfies Readonly<Record<string, Readonly<Record<string, Witness>>>>;
