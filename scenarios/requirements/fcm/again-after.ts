import type { Push } from "../../../harness/judge/call-view-pushes.ts";
import type { CallView } from "../../../harness/judge/call-view.ts";

/** The pushes for the same call and token that were sent after this one was answered. */
export function againAfter(call: CallView, { token, response }: Push): readonly Push[] {
  if (response === undefined || token === undefined) return [];
  return call.pushes.filter((push) => push.token === token && push.request.seq > response.seq);
}
