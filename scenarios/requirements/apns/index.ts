import type { Requirement } from "../../../harness/judge/requirement.ts";
import { authentication } from "./authentication.ts";
import { broadcastHeaders } from "./broadcast-headers.ts";
import { collapseId } from "./collapse-id.ts";
import { connectionReuse } from "./connection-reuse.ts";
import { deviceToken } from "./device-token.ts";
import { duplicateHeaders } from "./duplicate-headers.ts";
import { expiration } from "./expiration.ts";
import { headerIndexing } from "./header-indexing.ts";
import { http2Priority } from "./http2-priority.ts";
import { messageId } from "./message-id.ts";
import { method } from "./method.ts";
import { path } from "./path.ts";
import { payload } from "./payload.ts";
import { payloadSize } from "./payload-size.ts";
import { pingRate } from "./ping-rate.ts";
import { priority } from "./priority.ts";
import { providerTokenAge } from "./provider-token-age.ts";
import { providerTokenRefresh } from "./provider-token-refresh.ts";
import { pushType } from "./push-type.ts";
import { scheme } from "./scheme.ts";
import { streamLimit } from "./stream-limit.ts";
import { topic } from "./topic.ts";

/** What a server must hold to when it pushes through APNs. */
export const apnsRequirements: readonly Requirement[] = [
  method,
  scheme,
  path,
  deviceToken,
  authentication,
  providerTokenAge,
  providerTokenRefresh,
  topic,
  pushType,
  priority,
  expiration,
  messageId,
  collapseId,
  duplicateHeaders,
  broadcastHeaders,
  payload,
  payloadSize,
  connectionReuse,
  headerIndexing,
  http2Priority,
  pingRate,
  streamLimit,
];
