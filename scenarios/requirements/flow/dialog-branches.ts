import type { Branch } from "../../../harness/judge/call-view-branches.ts";
import type { CallView } from "../../../harness/judge/call-view.ts";

/**
 * The answered branches a request of the caller within its dialog goes to. Through a proxy that is the one whose tag it carries; behind
 * a B2BUA, whose tags are its own, every answered branch is meant.
 */
export function dialogBranches(call: CallView, callerToTag: string | undefined): readonly Branch[] {
  const answered = call.branches.filter(({ answer }) => answer?.arrived !== undefined);
  const named = answered.filter(({ tag }) => tag !== undefined && tag === callerToTag);
  return named.length > 0 ? named : answered;
}
