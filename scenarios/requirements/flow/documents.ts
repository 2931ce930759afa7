import type { Source } from "../../../harness/judge/requirement.ts";

/** Makes a `Source`; the quote is a sentence of RFC 3261, white space aside. */
export function rfc3261(section: string, quote: string): Source {
  return { document: "RFC 3261", section, quote };
}

export function rfc8599(section: string, quote: string): Source {
  return { document: "RFC 8599", section, quote };
}

export function applePushKit(section: string, quote: string): Source {
  return { document: "Apple, Responding to VoIP Notifications from PushKit", section, quote };
}

export function appleResponses(section: string, quote: string): Source {
  return { document: "Apple, Handling notification responses from APNs", section, quote };
}

export function siprix(section: string, quote: string): Source {
  return { document: "Siprix, CallKit-PushKit iOS", section, quote };
}

export function signalWire(section: string, quote: string): Source {
  return { document: "SignalWire, Push Notifications", section, quote };
}

export function firebaseTokens(section: string, quote: string): Source {
  return { document: "Firebase, Best practices for FCM registration token management", section, quote };
}

export function firebaseAtScale(section: string, quote: string): Source {
  return { document: "Firebase, Best practices when sending FCM messages at scale", section, quote };
}

export function firebasePriority(section: string, quote: string): Source {
  return { document: "Firebase, Set and manage Android message priority", section, quote };
}

/** The older guide, whose Table 8-5 says what the timestamp of a 410 is for. */
export function appleArchive(section: string, quote: string): Source {
  return { document: "Apple, Local and Remote Notification Programming Guide", section, quote };
}
