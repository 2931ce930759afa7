// How the app meets RingTrue: its native side, and where its account comes from.
import { createHash } from "node:crypto";
import { parseArgs } from "node:util";
import { knownCall, nativeModules, onNotificationAction } from "./native-modules.js";

/** An installation keeps one instance id for ever (RFC 5626 section 4.1). Here each account has one phone. */
function instanceId({ aor }) {
  const digest = createHash("sha256").update(aor).digest("hex");
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

/** What the program may be started with, to be quicker than a phone. */
const { values } = parseArgs({
  options: { "invite-wait-ms": { type: "string" }, "js-boot-ms": { type: "string" } },
  strict: false,
});
const number = (name) => (typeof values[name] === "string" ? Number(values[name]) : undefined);
const inviteWaitMs = number("invite-wait-ms");
const jsBootMs = number("js-boot-ms");

/** What both examples have in common; `importApp` imports the entry file. */
export function phoneOf(importApp) {
  return {
    ...(jsBootMs === undefined ? {} : { os: { jsBootMs } }),
    appDelegate: { payload: { uuid: "/callUUID", others: ["/callId"] }, knownCall },
    messagingService: {},
    nativeModules,
    onNotificationAction,
    async loadApp(launch) {
      const { saveAccount } = await import("./app/account.js");
      const { observeMedia } = await import("./app/media.js");
      const { networkChanged } = await import("./app/network.js");
      const { settings } = await import("./app/settings.js");
      if (inviteWaitMs !== undefined) settings.inviteWaitMs = inviteWaitMs;
      const withPush = (account) =>
        account === null ? null : { ...account, instanceId: instanceId(account), pushParam: launch.push.param };
      saveAccount(withPush(launch.account));
      observeMedia((what, callUUID) => launch.media[what](callUUID));
      launch.onAccount((account) => saveAccount(withPush(account)));
      launch.onNetwork(networkChanged);
      await importApp();
    },
  };
}

export const callingApp = phoneOf(() => import("./app/index.js"));
