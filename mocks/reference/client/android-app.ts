import { callNotifications } from "./call-notifications.ts";
import type { AppCall, Calls, CallScreen } from "./calls.ts";
import { coreTelecom } from "./core-telecom.ts";
import { codes, DONE, type Params, recordOf, refused } from "./json-rpc.ts";
import { readPush } from "./link-profile.ts";
import type { PlatformApp, PlatformHost } from "./platform-app.ts";
import { selfManagedTelecom } from "./self-managed-telecom.ts";
import { noTelecom, type Telecom } from "./telecom.ts";

/** The app on an Android phone: FirebaseMessagingService, Telecom, notifications and a foreground service. */
export function androidApp(host: PlatformHost): PlatformApp {
  const { options, profile } = host;
  const { fault } = options;
  const calls = (): Calls => host.calls();
  const notifications = callNotifications(host);
  const telecom: Telecom = telecomOf();

  function telecomOf(): Telecom {
    const events = {
      /** Telecom, or nobody, stands in the way: the user may be shown the call. */
      taken: (call: AppCall) => calls().shown(call),
      showUi: (call: AppCall) => notifications.ring(call),
      refused: (call: AppCall) => {
        if (fault === "ignores-refusal") notifications.ring(call);
        calls().notShown(call, "refused");
      },
      active: () => calls().checkMedia(),
      answered,
      ended: (call: AppCall) => calls().hangUp(call),
      aborted: (call: AppCall) => calls().end(call, "unanswered"),
      held: (call: AppCall, onHold: boolean, done: () => void) => calls().hold(call, onHold, done),
    };
    if (options.telecom === "none" || fault === "skips-telecom") return noTelecom(events);
    return options.telecom === "core" ? coreTelecom(host, events) : selfManagedTelecom(host, events);
  }

  function answered(call: AppCall): void {
    if (call.ended !== undefined || call.isAnswered) return;
    // Without Telecom nobody else puts the call aside that is going on.
    if (telecom.kind === "none")
      for (const other of calls().live)
        if (other !== call && other.isConnected && !other.isHeld) calls().hold(other, true, () => {});
    notifications.ongoing(call);
    if (fault === "active-at-once") telecom.connected(call);
    calls().answer(call);
  }

  const screen: CallScreen = {
    show(call) {
      host.garble();
      if (telecom.kind === "none") notifications.keepAlive();
      telecom.add(call);
    },
    callerKnown: () => {},
    connected: (call) => telecom.connected(call),
    ended(call, why) {
      telecom.ended(call, why);
      notifications.remove(call);
      if (!calls().live.some((other) => other !== call)) notifications.stop();
    },
    mayHaveMedia: (call) => telecom.isActive(call),
  };

  function received(message: Params): void {
    const push = readPush(profile, "android", message["data"]);
    if (push === undefined) return;
    const known = calls().ofPush(push);
    if (push.isCancel) {
      if (known !== undefined) calls().end(known, "remote");
    } else if (known === undefined) calls().pushed(push);
    else known.pushed ??= push;
  }

  function tapped({ notificationId, action }: Params): void {
    const call = calls().byId(String(notificationId));
    if (call === undefined || call.ended !== undefined) {
      host.request("notification.cancel", { notificationId });
      return;
    }
    if (action === "answer") answered(call);
    else calls().hangUp(call);
  }

  return {
    screen,
    handle(method, params, answer) {
      switch (method) {
        case "messagingService.onMessageReceived":
          received(recordOf(params["message"]));
          answer(DONE);
          host.pushed();
          return;
        case "messagingService.onNewToken":
          host.tokenIssued(String(params["token"]));
          break;
        case "notification.action":
          tapped(params);
          break;
        case "service.onTimeout":
          notifications.stop();
          break;
        case "task.removed":
          // A foreground service keeps the call, and nothing is to be done without one.
          break;
        default: {
          const call = calls().byId(String(params["connectionId"]));
          if (!telecom.handle(method, call, answer))
            answer(refused(codes.notSupported, `This app takes no ${method}.`));
          return;
        }
      }
      answer(DONE);
    },
  };
}
