import type { TargetExit } from "../../../harness/targets/target-definition.ts";
import { describeLinkEnd, type LinkEnd } from "../../device-link/link.ts";

/** The end of a link as that of the target. */
export function targetExit(end: LinkEnd): TargetExit {
  if (end.kind === "exited") return { code: end.code, signal: end.signal };
  return { code: null, signal: null, why: describeLinkEnd(end) };
}
