import type { Profile } from "../../harness/trace/run-facts.ts";

/**
 * RFC 8599: the token is in the Contact URI of REGISTER (4.1.1). The RFC fixes no payload; the pointers are the shape of
 * Apple's own example (`callUUID`, `handle`) and a Call-ID to know the INVITE by.
 */
export const rfc8599: Profile = {
  id: "rfc8599",
  payload: {
    callUUID: "/callUUID",
    callId: "/callId",
    handle: "/handle",
    callerName: "/callerName",
    video: "/hasVideo",
  },
  correlation: { sip: "call-id" },
  registration: {
    contactParams: { "pn-provider": "<provider>", "pn-param": "<param>", "pn-prid": "<token>" },
  },
  cancelByPush: false,
  answerFulfil: "connected",
  tokenLifetime: "binding",
  limits: { apnsExpirationMaxS: 60, fcmTtlMaxS: 60 },
};
