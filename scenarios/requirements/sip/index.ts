import type { Requirement } from "../../../harness/judge/requirement.ts";
import { answerDescribesSession } from "./answer-describes-session.ts";
import { answerRepeated } from "./answer-repeated.ts";
import { branchUnique } from "./branch-unique.ts";
import { byeAnswered } from "./bye-answered.ts";
import { cancelAnswered } from "./cancel-answered.ts";
import { cancelMatchesInvite } from "./cancel-matches-invite.ts";
import { contentLength } from "./content-length.ts";
import { cseqInDialog } from "./cseq-in-dialog.ts";
import { deregisterWithoutPrid } from "./deregister-without-prid.ts";
import { digest } from "./digest.ts";
import { featureCaps } from "./feature-caps.ts";
import { finalAcknowledged } from "./final-acknowledged.ts";
import { logoutDeregisters } from "./logout-deregisters.ts";
import { mandatoryHeaders } from "./mandatory-headers.ts";
import { maxForwards } from "./max-forwards.ts";
import { mergedRequest } from "./merged-request.ts";
import { newTokenRegistered } from "./new-token-registered.ts";
import { oldBindingRemoved } from "./old-binding-removed.ts";
import { optionsAnswered } from "./options-answered.ts";
import { proxyKeepsRequest } from "./proxy-keeps-request.ts";
import { pushParametersPrivate } from "./push-parameters-private.ts";
import { pushParameters } from "./push-parameters.ts";
import { recordRoute } from "./record-route.ts";
import { refreshAfterPush } from "./refresh-after-push.ts";
import { registerAnswered } from "./register-answered.ts";
import { registerCseq } from "./register-cseq.ts";
import { registerListsContact } from "./register-lists-contact.ts";
import { reinviteAnswered } from "./reinvite-answered.ts";
import { responseCopies } from "./response-copies.ts";
import { responseVia } from "./response-via.ts";
import { retransmissionAbsorbed } from "./retransmission-absorbed.ts";
import { ringingSent } from "./ringing-sent.ts";
import { toTag } from "./to-tag.ts";
import { tryingInTime } from "./trying-in-time.ts";
import { viaBranchCookie } from "./via-branch-cookie.ts";
import { voidTokenWithdrawn } from "./void-token-withdrawn.ts";
import { wellFormed } from "./well-formed.ts";

/** What the SIP of a server and of an app must hold to. */
export const sipRequirements: readonly Requirement[] = [
  wellFormed,
  mandatoryHeaders,
  viaBranchCookie,
  branchUnique,
  responseVia,
  responseCopies,
  toTag,
  maxForwards,
  recordRoute,
  contentLength,
  proxyKeepsRequest,
  tryingInTime,
  cancelMatchesInvite,
  finalAcknowledged,
  registerAnswered,
  registerListsContact,
  retransmissionAbsorbed,
  byeAnswered,
  cseqInDialog,
  featureCaps,
  pushParameters,
  newTokenRegistered,
  oldBindingRemoved,
  voidTokenWithdrawn,
  refreshAfterPush,
  pushParametersPrivate,
  logoutDeregisters,
  deregisterWithoutPrid,
  digest,
  registerCseq,
  ringingSent,
  answerDescribesSession,
  cancelAnswered,
  answerRepeated,
  mergedRequest,
  optionsAnswered,
  reinviteAnswered,
];
