import type { Requirement } from "../../../harness/judge/requirement.ts";
import { accessTokenReuse } from "./access-token-reuse.ts";
import { apnsBlock } from "./apns-block.ts";
import { assertion } from "./assertion.ts";
import { authentication } from "./authentication.ts";
import { collapseKey } from "./collapse-key.ts";
import { connectionReuse } from "./connection-reuse.ts";
import { data } from "./data.ts";
import { dataKeys } from "./data-keys.ts";
import { dataOnly } from "./data-only.ts";
import { deviceToken } from "./device-token.ts";
import { endpoint } from "./endpoint.ts";
import { fields } from "./fields.ts";
import { json } from "./json.ts";
import { noRetryAfterRefusal } from "./no-retry-after-refusal.ts";
import { packageName } from "./package-name.ts";
import { payloadSize } from "./payload-size.ts";
import { priority } from "./priority.ts";
import { project } from "./project.ts";
import { quotaBackoff } from "./quota-backoff.ts";
import { recipient } from "./recipient.ts";
import { scheme } from "./scheme.ts";
import { ttl } from "./ttl.ts";
import { validateOnly } from "./validate-only.ts";

/** What a server must hold to when it pushes through FCM. */
export const fcmRequirements: readonly Requirement[] = [
  endpoint,
  project,
  authentication,
  assertion,
  accessTokenReuse,
  connectionReuse,
  scheme,
  json,
  fields,
  recipient,
  deviceToken,
  packageName,
  data,
  dataKeys,
  dataOnly,
  payloadSize,
  priority,
  ttl,
  collapseKey,
  validateOnly,
  apnsBlock,
  quotaBackoff,
  noRetryAfterRefusal,
];
