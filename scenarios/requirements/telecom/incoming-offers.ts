import type { AndroidCall, NotificationView } from "../../../harness/judge/client-view-android.ts";
import type { Trace } from "../../../harness/trace/trace.ts";
import { callsOnAndroid } from "./android-calls.ts";

type Version = NotificationView["versions"][number];

/** The first version of each notification that offers to answer a call, and the call it offers. */
export function incomingOffers(trace: Trace): readonly { readonly call: AndroidCall; readonly offer: Version }[] {
  return callsOnAndroid(trace).flatMap(({ shown }) =>
    shown.flatMap((call) =>
      call.notifications.flatMap(({ versions }) => {
        const offer = versions.find(({ actions }) => actions.includes("answer"));
        return offer === undefined ? [] : [{ call, offer }];
      }),
    ),
  );
}
