import type { Requirement } from "../../../harness/judge/requirement.ts";
import { branchUnique } from "./branch-unique.ts";
import { byeAnswered } from "./bye-answered.ts";
import { cancelMatchesInvite } from "./cancel-matches-invite.ts";
import { contentLength } from "./content-length.ts";
import { cseqInDialog } from "./cseq-in-dialog.ts";
import { featureCaps } from "./feature-caps.ts";
import { finalAcknowledged } from "./final-acknowledged.ts";
import { mandatoryHeaders } from "./mandatory-headers.ts";
import { maxForwards } from "./max-forwards.ts";
import { proxyKeepsRequest } from "./proxy-keeps-request.ts";
import { recordRoute } from "./record-route.ts";
import { registerAnswered } from "./register-answered.ts";
import { registerListsContact } from "./register-lists-contact.ts";
import { responseCopies } from "./response-copies.ts";
import { responseVia } from "./response-via.ts";
import { retransmissionAbsorbed } from "./retransmission-absorbed.ts";
import { toTag } from "./to-tag.ts";
import { tryingInTime } from "./trying-in-time.ts";
import { viaBranchCookie } from "./via-branch-cookie.ts";
import { wellFormed } from "./well-formed.ts";

/** What the SIP of a server must hold to. */
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
];
