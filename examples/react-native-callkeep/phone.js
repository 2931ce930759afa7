// How the app meets RingTrue: its native side, and where its account comes from.
import { createHash } from "node:crypto";
import { knownCall, nativeModules, onNotificationAction } from "./native-modules.js";

/** An installation keeps one instance id for ever (RFC 5626 section 4.1). Here each account has one phone. */
function instanceId({ aor }) {
  const digest = createHash("sha256").update(aor).digest("hex");
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** What both examples have in common; `importApp` imports the entry file. */
export function phoneOf(importApp) {
  return {
    appDelegate: { payload: { uuid: "/callUUID", others: ["/callId"] }, knownCall },
    messagingService: {},
    nativeModules,
    onNotificationAction,
    async loadApp(launch) {
      const { saveAccount } = await import("./app/account.js");
      const { observeMedia } = await import("./app/media.js");
      const withPush = (account) =>
        account === null ? null : { ...account, instanceId: instanceId(account), pushParam: launch.push.param };
      saveAccount(withPush(launch.account));
      observeMedia((what, callUUID) => launch.media[what](callUUID));
      launch.onAccount((account) => saveAccount(withPush(account)));
      await importApp();
    },
  };
}

export const callingApp = phoneOf(() => import("./app/index.js"));
