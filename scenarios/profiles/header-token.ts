import type { Profile } from "../../harness/trace/run-facts.ts";

/**
 * The token is in a header field of REGISTER, and a key of its own (`aps.pushHint` in the payload, `X-PushHint` in the
 * INVITE) ties push and INVITE: Siprix, "CallKit and PushKit". Undeliverable for 40 s: not to be delivered any more.
 * The document tells of iPhones alone; on Android the same keys stand in the data of the message, which has no `aps`.
 */
export const headerToken: Profile = {
  id: "header-token",
  payload: {
    hint: { ios: "/aps/pushHint", android: "/pushHint" },
    handle: { ios: "/aps/callerNumber", android: "/callerNumber" },
    callerName: { ios: "/aps/callerName", android: "/callerName" },
    video: { ios: "/aps/withVideo", android: "/withVideo" },
  },
  correlation: { sip: "X-PushHint" },
  registration: { header: { name: "X-Token", value: "<token>" } },
  cancelByPush: false,
  answerFulfil: "connected",
  tokenLifetime: "until-unregistered",
  limits: { apnsExpirationMaxS: 40, fcmTtlMaxS: 40 },
};
