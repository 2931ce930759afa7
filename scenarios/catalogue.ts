import type { Requirement } from "../harness/judge/requirement.ts";
import type { Scenario } from "../harness/plan/scenario.ts";
import { deviceLink } from "./families/device-link.ts";
import { families } from "./families/index.ts";
import { apnsRequirements } from "./requirements/apns/index.ts";
import { audioRequirements } from "./requirements/audio/index.ts";
import { callkitRequirements } from "./requirements/callkit/index.ts";
import { fcmRequirements } from "./requirements/fcm/index.ts";
import { flowRequirements } from "./requirements/flow/index.ts";
import { pushkitRequirements } from "./requirements/pushkit/index.ts";
import { sipRequirements } from "./requirements/sip/index.ts";
import { telecomRequirements } from "./requirements/telecom/index.ts";

/** Changes whenever a requirement is added or judges differently. */
export const catalogueVersion = "2026.11";

/** Everything that can be judged, in the order reports show it. */
export const requirements: readonly Requirement[] = [
  ...flowRequirements,
  ...pushkitRequirements,
  ...callkitRequirements,
  ...telecomRequirements,
  ...audioRequirements,
  ...apnsRequirements,
  ...fcmRequirements,
  ...sipRequirements,
];

/** Everything that can be played. */
export const scenarios: readonly Scenario[] = [...families, deviceLink];
