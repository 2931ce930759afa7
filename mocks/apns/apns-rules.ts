import { defaultOrder } from "./apns-profile.ts";
import type { ApnsProfile, ApnsTheme } from "./apns-profile.ts";
import type { ApnsRule } from "./apns-rule.ts";
import { authenticationRules } from "./rules/authentication-rules.ts";
import { deviceTokenRules } from "./rules/device-token-rules.ts";
import { headerRules } from "./rules/header-rules.ts";
import { payloadRules } from "./rules/payload-rules.ts";
import { duplicateRules, methodRules, pathRules } from "./rules/request-rules.ts";
import { throttleRules } from "./rules/throttle-rules.ts";
import { topicRules } from "./rules/topic-rules.ts";

const themes: Readonly<Record<ApnsTheme, readonly ApnsRule[]>> = {
  method: methodRules,
  path: pathRules,
  duplicates: duplicateRules,
  authentication: authenticationRules,
  headers: headerRules,
  topic: topicRules,
  payload: payloadRules,
  "device-token": deviceTokenRules,
  throttle: throttleRules,
};

/** Every rule about a push to APNs, in the order of evaluation; what is wrong with a connection is in wire-rules.ts. */
export const apnsRules: readonly ApnsRule[] = defaultOrder.flatMap((theme) => themes[theme]);

/** The rules a profile puts into effect, in its order; what it rejects where that is doubtful is of class R. */
export function rulesFor(profile: ApnsProfile): readonly ApnsRule[] {
  return profile.order
    .flatMap((theme) => themes[theme])
    .filter((rule) => rule.isInEffect?.(profile) ?? true)
    .map((rule) => {
      if (rule.class === "R" || rule.orRejects === undefined || !profile.rejects.includes(rule.orRejects.fault))
        return rule;
      const { orRejects, ...parts } = rule;
      return { ...parts, class: "R", status: orRejects.status, reason: orRejects.reason };
    });
}
