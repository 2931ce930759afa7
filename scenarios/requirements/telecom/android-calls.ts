import { androidCallsOf, type AndroidCall } from "../../../harness/judge/client-view-android.ts";
import { clientCallsOf, type ClientCall } from "../../../harness/judge/client-view.ts";
import type { Trace } from "../../../harness/trace/trace.ts";

/** A call of the plan at an Android phone, with what the phone showed of it. */
export interface CallOnAndroid {
  readonly call: ClientCall;
  readonly shown: readonly AndroidCall[];
}

export function callsOnAndroid(trace: Trace): readonly CallOnAndroid[] {
  return clientCallsOf(trace, "android").map((call) => ({
    call,
    shown: androidCallsOf(trace, call.phone.ref).filter((shown) => shown.call === call.ref),
  }));
}
