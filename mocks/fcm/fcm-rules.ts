import { accessRules } from "./access-rules.ts";
import { callRules } from "./call-rules.ts";
import type { FcmRule } from "./fcm-rule.ts";
import { messageRules } from "./message-rules.ts";

/**
 * Every rule for one message, in the order they are looked at: URL and method, access token, project, quota, JSON, fields,
 * recipient, data, size, device. Google does not publish its own order. What FCM accepts comes last.
 */
export const fcmRules: readonly FcmRule[] = [...accessRules, ...messageRules, ...callRules];
