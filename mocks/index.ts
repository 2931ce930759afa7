/**
 * Simulated APNs and FCM for anybody's test suite: the services' own rules over real sockets, without an account at Apple or
 * Google.
 */
export { createApnsMock, type ApnsMock, type ApnsMockOptions, type ApnsTokenOptions } from "./standalone/apns-mock.ts";
export { createFcmMock, type FcmMock, type FcmMockOptions } from "./standalone/fcm-mock.ts";
export type { ApnsMockAnswer } from "./standalone/apns-scripted.ts";
export type { FcmMockAnswer } from "./standalone/fcm-scripted.ts";
export type { ScriptedAnswer } from "./standalone/answer-script.ts";
export type { ConnectionProblem, LoggedFinding, LoggedPush, PushEnd } from "./standalone/logged-push.ts";
export type { MockListeners, NextPushOptions, PushMock } from "./standalone/push-mock.ts";
export { describeFinding, describePush } from "./standalone/describe-push.ts";
export {
  redirectEnvironment,
  type Redirect,
  type RedirectOptions,
  type RedirectTarget,
} from "./redirect/redirect-environment.ts";
export type { ApnsProfile } from "./apns/apns-profile.ts";
export type { ApnsReason } from "./apns/apns-reason.ts";
export type { FcmErrorCode } from "./fcm/fcm-answer.ts";
export type { FcmProfile } from "./fcm/fcm-profile.ts";
