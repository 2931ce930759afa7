import type { Trace } from "../../../harness/trace/trace.ts";
import { branchUniqueRule } from "./branch-unique.ts";
import { cancelMatchesInviteRule } from "./cancel-matches-invite.ts";
import { contentLengthRule } from "./content-length.ts";
import { cseqInDialogRule } from "./cseq-in-dialog.ts";
import { mandatoryHeadersRule } from "./mandatory-headers.ts";
import { hopsLeftRule } from "./max-forwards.ts";
import type { MessageRule } from "./message-rule.ts";
import { responseCopiesRule } from "./response-copies.ts";
import { responseViaRule } from "./response-via.ts";
import { toTagRule } from "./to-tag.ts";
import { viaBranchCookieRule } from "./via-branch-cookie.ts";
import { wellFormedRule } from "./well-formed.ts";

/** The rules about messages that bind every sender. */
const rules: Readonly<Record<string, MessageRule>> = {
  "well-formed": wellFormedRule,
  "mandatory-headers": mandatoryHeadersRule,
  "via-branch-cookie": viaBranchCookieRule,
  "branch-unique": branchUniqueRule,
  "response-via": responseViaRule,
  "response-copies": responseCopiesRule,
  "to-tag": toTagRule,
  "max-forwards": hopsLeftRule,
  "content-length": contentLengthRule,
  "cancel-matches-invite": cancelMatchesInviteRule,
  "cseq-in-dialog": cseqInDialogRule,
};

/**
 * What RingTrue's own SIP did wrong in a trace by the rules it judges targets with, one line each; empty when all is well.
 * Any line makes the case a harness fault. What the target did wrong in the same way does not count: endpoints echo much of
 * what they get, and an echo is not their fault.
 */
export function ownSipFaults(trace: Trace): readonly string[] {
  return Object.entries(rules).flatMap(([name, rule]) => {
    const { faults } = rule(trace, "world");
    if (faults.length === 0) return [];
    const echoed = new Set(rule(trace, "target").faults.map(({ mismatch }) => mismatch));
    return faults
      .filter(({ mismatch }) => !echoed.has(mismatch))
      .map(
        ({ mismatch, expected, actual, evidence }) =>
          `${name}: ${mismatch} at event ${evidence.at(-1)}: expected ${expected}; found ${actual}`,
      );
  });
}
