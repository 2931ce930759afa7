import type { Source } from "../../../harness/judge/requirement.ts";

/** A sentence of the reference of FCM HTTP v1 about the message and its parts. */
export function messages(section: string, quote: string): Source {
  return { document: "Firebase, REST Resource: projects.messages", section, quote };
}

/** A sentence of the reference of FCM HTTP v1 about the request. */
export function sendMethod(section: string, quote: string): Source {
  return { document: "Firebase, Method: projects.messages.send", section, quote };
}

/** A sentence of the reference of FCM HTTP v1 about an error code, which is the section. */
export function errorCode(section: string, quote: string): Source {
  return { document: "Firebase, ErrorCode", section, quote };
}

/** A sentence of Firebase's "Best practices when sending FCM messages at scale". */
export function atScale(section: string, quote: string): Source {
  return { document: "Firebase, Best practices when sending FCM messages at scale", section, quote };
}

/** A sentence of Firebase's "Set and manage Android message priority". */
export function messagePriority(section: string, quote: string): Source {
  return { document: "Firebase, Set and manage Android message priority", section, quote };
}

/** A sentence of Firebase's "Set the lifespan of a message". */
export function messageLifespan(section: string, quote: string): Source {
  return { document: "Firebase, Set the lifespan of a message", section, quote };
}

/** A sentence of Firebase's "Non-collapsible and collapsible messages". */
export function collapsibleMessages(section: string, quote: string): Source {
  return { document: "Firebase, Non-collapsible and collapsible messages", section, quote };
}

/** A sentence of Firebase's "About FCM messages". */
export function aboutMessages(section: string, quote: string): Source {
  return { document: "Firebase, About FCM messages", section, quote };
}

/** A sentence of Firebase's "Migrate from legacy FCM APIs to HTTP v1". */
export function migrateToV1(section: string, quote: string): Source {
  return { document: "Firebase, Migrate from legacy FCM APIs to HTTP v1", section, quote };
}

/** A sentence of Google's "Using OAuth 2.0 for Server to Server Applications". */
export function serverToServer(section: string, quote: string): Source {
  return { document: "Google, Using OAuth 2.0 for Server to Server Applications", section, quote };
}
