import type { LinkProfile } from "../messages.ts";

export const testProfile: LinkProfile = {
  id: "rfc8599",
  payload: { callUUID: "/callUUID", callId: "/callId" },
  correlation: { sip: "call-id" },
  registration: {},
  cancelByPush: false,
  answerFulfil: "connected",
};

export const testHarness = { name: "ringtrue", version: "0.0.0" };
