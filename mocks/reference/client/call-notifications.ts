import type { AppCall } from "./calls.ts";
import type { Params } from "./json-rpc.ts";
import type { PlatformHost } from "./platform-app.ts";

/** The notifications of the calls, and the foreground service that goes with them. A notification has its call's id. */
export interface CallNotifications {
  /** CallStyle.forIncomingCall with a full-screen intent. */
  ring(call: AppCall): void;
  /** CallStyle.forOngoingCall, which needs the foreground service. */
  ongoing(call: AppCall): void;
  /** A foreground service while a call rings, where Telecom does not keep the app running. */
  keepAlive(): void;
  remove(call: AppCall): void;
  /** No call is left. */
  stop(): void;
}

export function callNotifications({ request, options: { fault } }: PlatformHost): CallNotifications {
  let isServiceRunning = false;
  const posted = new Set<AppCall>();

  const about = ({ id }: AppCall): Params => ({ notificationId: id });

  function startForeground(types: readonly string[], then: (isRunning: boolean) => void = () => {}): void {
    if (fault === "no-foreground-service") {
      then(false);
      return;
    }
    isServiceRunning = true;
    request("service.startForeground", { types }, (reply) => then(reply.kind === "result"));
  }

  function postIncoming(call: AppCall): void {
    posted.add(call);
    request("notification.post", {
      ...about(call),
      style: fault === "plain-notification" ? "standard" : "CallStyle",
      fullScreenIntent: fault !== "no-full-screen-intent",
      actions: ["answer", "decline"],
    });
  }

  return {
    ring(call) {
      if (fault === "shows-nothing" && call.leg === undefined) return;
      if (fault === "microphone-while-ringing") startForeground(["phoneCall", "microphone"]);
      // Without the intent CallStyle is allowed to a foreground service only.
      if (fault === "no-full-screen-intent") startForeground(["phoneCall"]);
      postIncoming(call);
    },
    ongoing(call) {
      // The microphone is for apps in use, which this one is from the answer on (Android 14).
      const types = ["phoneCall", "microphone", ...(call.video === true ? ["camera"] : [])];
      startForeground(types, (isRunning) => {
        if (call.ended !== undefined || !posted.has(call)) return;
        request("notification.post", {
          ...about(call),
          style: isRunning ? "CallStyle" : "standard",
          fullScreenIntent: false,
          actions: ["hangup"],
        });
      });
    },
    keepAlive: () => startForeground(["phoneCall"]),
    remove(call) {
      if (!posted.delete(call)) return;
      if (fault !== "leaves-notification") request("notification.cancel", about(call));
      else
        request("notification.post", {
          ...about(call),
          style: "standard",
          fullScreenIntent: false,
          actions: ["hangup"],
        });
    },
    stop() {
      if (isServiceRunning) request("service.stopForeground", {});
      isServiceRunning = false;
    },
  };
}
