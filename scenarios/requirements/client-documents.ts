import type { Source } from "../../harness/judge/requirement.ts";

/** The documents that say what an app does. Each function makes a `Source` of one of their sentences. */

export function rfc3261(section: string, quote: string): Source {
  return { document: "RFC 3261", section, quote };
}

export function rfc3264(section: string, quote: string): Source {
  return { document: "RFC 3264", section, quote };
}

export function rfc8599(section: string, quote: string): Source {
  return { document: "RFC 8599", section, quote };
}

export function applePushKit(section: string, quote: string): Source {
  return { document: "Apple, Responding to VoIP Notifications from PushKit", section, quote };
}

/** The reference of PushKit or CallKit; `section` is the symbol. */
export function appleReference(section: string, quote: string): Source {
  return { document: "Apple, PushKit and CallKit reference", section, quote };
}

export function siprix(section: string, quote: string): Source {
  return { document: "Siprix, CallKit-PushKit iOS", section, quote };
}

export function androidCallingApp(section: string, quote: string): Source {
  return { document: "Android, Build a calling app", section, quote };
}

export function androidBackgroundStarts(section: string, quote: string): Source {
  return { document: "Android, Restrictions on starting a foreground service from the background", section, quote };
}

/** `section` is the type of service. */
export function androidServiceTypes(section: string, quote: string): Source {
  return { document: "Android, Foreground service types", section, quote };
}

export function androidCallStyle(section: string, quote: string): Source {
  return { document: "Android, Create a call style notification for call apps", section, quote };
}

export function firebasePriority(section: string, quote: string): Source {
  return { document: "Firebase, Set and manage Android message priority", section, quote };
}

/** The sample that Firebase's guide for Android shows for `FirebaseMessagingService`. */
export function firebaseSample(section: string, quote: string): Source {
  return { document: "Firebase, Set up a Firebase Cloud Messaging client app on Android", section, quote };
}

/** The contract with client targets, `docs/device-link.md`. */
export function deviceLink(section: string, quote: string): Source {
  return { document: "RingTrue, The device link", section, quote };
}
