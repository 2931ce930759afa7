import type { Requirement } from "../../../harness/judge/requirement.ts";
import { ackReachesPhone } from "./ack-reaches-phone.ts";
import { answerReachesCaller } from "./answer-reaches-caller.ts";
import { appAnswers } from "./app-answers.ts";
import { appCallsApart } from "./app-calls-apart.ts";
import { appDeclines } from "./app-declines.ts";
import { appEndsOnBye } from "./app-ends-on-bye.ts";
import { appGivesUp } from "./app-gives-up.ts";
import { appHangsUp } from "./app-hangs-up.ts";
import { appNothingLeft } from "./app-nothing-left.ts";
import { appOneCall } from "./app-one-call.ts";
import { appOneOutcome } from "./app-one-outcome.ts";
import { appOtherCallUntouched } from "./app-other-call-untouched.ts";
import { appRegistersAgain } from "./app-registers-again.ts";
import { appShowsCall } from "./app-shows-call.ts";
import { appSilentAfterEnd } from "./app-silent-after-end.ts";
import { appStopsRinging } from "./app-stops-ringing.ts";
import { appSurvives } from "./app-survives.ts";
import { appWaits } from "./app-waits.ts";
import { callerByeReachesPhone } from "./caller-bye-reaches-phone.ts";
import { callsNeverCross } from "./calls-never-cross.ts";
import { cancelAnswered } from "./cancel-answered.ts";
import { cancelledCallIsFinal } from "./cancelled-call-is-final.ts";
import { connectedPhoneRings } from "./connected-phone-rings.ts";
import { deadBranchKeepsCall } from "./dead-branch-keeps-call.ts";
import { declineReachesCaller } from "./decline-reaches-caller.ts";
import { declineStatusKept } from "./decline-status-kept.ts";
import { declineStatusProxied } from "./decline-status-proxied.ts";
import { everyDevicePushed } from "./every-device-pushed.ts";
import { hangUpReachesPhone } from "./hang-up-reaches-phone.ts";
import { holdUntilRegistered } from "./hold-until-registered.ts";
import { inviteAfterRegister } from "./invite-after-register.ts";
import { inviteOnNewestFlow } from "./invite-on-newest-flow.ts";
import { legsAgree } from "./legs-agree.ts";
import { linkContract } from "./link-contract.ts";
import { loggedOutNotPushed } from "./logged-out-not-pushed.ts";
import { newestTokenOnly } from "./newest-token-only.ts";
import { noCancelPush } from "./no-cancel-push.ts";
import { noInviteAfterEnd } from "./no-invite-after-end.ts";
import { noPushWhenConnected } from "./no-push-when-connected.ts";
import { noRetryStorm } from "./no-retry-storm.ts";
import { noUpdatePush } from "./no-update-push.ts";
import { noWakeFinalResponse } from "./no-wake-final-response.ts";
import { nothingRingsAfterEnd } from "./nothing-rings-after-end.ts";
import { olderUnregisteredIgnored } from "./older-unregistered-ignored.ts";
import { oneLiveInvite } from "./one-live-invite.ts";
import { oneOutcomePerLeg } from "./one-outcome-per-leg.ts";
import { onePushPerCall } from "./one-push-per-call.ts";
import { otherDevicesStop } from "./other-devices-stop.ts";
import { phoneByeReachesCaller } from "./phone-bye-reaches-caller.ts";
import { pushCarriesCallId } from "./push-carries-call-id.ts";
import { pushMatchesInvite } from "./push-matches-invite.ts";
import { pushNamesCaller } from "./push-names-caller.ts";
import { pushRefusedFinalResponse } from "./push-refused-final-response.ts";
import { pushVideoFlag } from "./push-video-flag.ts";
import { pushWakesPhone } from "./push-wakes-phone.ts";
import { ringingReachesCaller } from "./ringing-reaches-caller.ts";
import { targetSurvives } from "./target-survives.ts";
import { unregisteredTokenDropped } from "./unregistered-token-dropped.ts";
import { userDecides } from "./user-decides.ts";

/** What a target does with pushes, INVITEs and their ends: first a server, then an app. */
export const flowRequirements: readonly Requirement[] = [
  pushWakesPhone,
  pushCarriesCallId,
  pushMatchesInvite,
  pushNamesCaller,
  pushVideoFlag,
  newestTokenOnly,
  onePushPerCall,
  noPushWhenConnected,
  noCancelPush,
  noUpdatePush,
  holdUntilRegistered,
  oneLiveInvite,
  inviteAfterRegister,
  inviteOnNewestFlow,
  connectedPhoneRings,
  deadBranchKeepsCall,
  everyDevicePushed,
  otherDevicesStop,
  noInviteAfterEnd,
  hangUpReachesPhone,
  cancelAnswered,
  cancelledCallIsFinal,
  declineReachesCaller,
  declineStatusProxied,
  declineStatusKept,
  ringingReachesCaller,
  answerReachesCaller,
  ackReachesPhone,
  callerByeReachesPhone,
  phoneByeReachesCaller,
  noWakeFinalResponse,
  pushRefusedFinalResponse,
  unregisteredTokenDropped,
  olderUnregisteredIgnored,
  noRetryStorm,
  loggedOutNotPushed,
  legsAgree,
  oneOutcomePerLeg,
  nothingRingsAfterEnd,
  callsNeverCross,
  targetSurvives,
  appShowsCall,
  appOneCall,
  appStopsRinging,
  appEndsOnBye,
  appGivesUp,
  appWaits,
  userDecides,
  appAnswers,
  appDeclines,
  appHangsUp,
  appCallsApart,
  appOtherCallUntouched,
  appOneOutcome,
  appSilentAfterEnd,
  appNothingLeft,
  appSurvives,
  linkContract,
  appRegistersAgain,
];
