import type { Source } from "../../../harness/judge/requirement.ts";

/** A sentence of Apple's "Sending notification requests to APNs". */
export function sendingRequests(section: string, quote: string): Source {
  return { document: "Apple, Sending notification requests to APNs", section, quote };
}

/** A sentence of Apple's "Handling notification responses from APNs". */
export function handlingResponses(section: string, quote: string): Source {
  return { document: "Apple, Handling notification responses from APNs", section, quote };
}

/** A sentence of Apple's "Establishing a token-based connection to APNs". */
export function tokenBasedConnection(section: string, quote: string): Source {
  return { document: "Apple, Establishing a token-based connection to APNs", section, quote };
}

/** A sentence of Apple's "Responding to VoIP Notifications from PushKit". */
export function respondingToVoip(section: string, quote: string): Source {
  return { document: "Apple, Responding to VoIP Notifications from PushKit", section, quote };
}

/** A sentence of Apple's "Establishing a connection to Apple Push Notification service (APNs)". */
export function establishingConnection(section: string, quote: string): Source {
  return { document: "Apple, Establishing a connection to Apple Push Notification service (APNs)", section, quote };
}

/** A sentence of Apple's "Sending broadcast push notification requests to APNs". */
export function broadcastRequests(section: string, quote: string): Source {
  return { document: "Apple, Sending broadcast push notification requests to APNs", section, quote };
}
