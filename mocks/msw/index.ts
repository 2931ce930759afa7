/**
 * Simulated FCM, OAuth and APNs as request handlers of msw 2, for a sender that uses `fetch` or `node:http` and runs in the
 * process of its tests. For any other sender, and for all that takes a connection, see `ringtrue/mocks`.
 */
export { fcmHandlers, type FcmHandlers, type FcmHandlersOptions } from "./fcm-handlers.ts";
export { apnsHandlers, type ApnsHandlers, type ApnsHandlersAnswer, type ApnsHandlersOptions } from "./apns-handlers.ts";
export type { ApnsTokenOptions } from "../standalone/apns-mock.ts";
export type { FcmMockAnswer } from "../standalone/fcm-scripted.ts";
export type { ScriptedAnswer } from "../standalone/answer-script.ts";
export type { ConnectionProblem, LoggedFinding, LoggedPush, PushEnd } from "../standalone/logged-push.ts";
export type { MockListeners, NextPushOptions, PushMock } from "../standalone/push-mock.ts";
export { describeFinding, describePush } from "../standalone/describe-push.ts";
export type { ApnsProfile } from "../apns/apns-profile.ts";
export type { ApnsReason } from "../apns/apns-reason.ts";
export type { FcmErrorCode } from "../fcm/fcm-answer.ts";
export type { FcmProfile } from "../fcm/fcm-profile.ts";
