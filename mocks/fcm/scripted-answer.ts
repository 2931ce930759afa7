import { accepted, badRequest, fcmError, googleError, htmlPage } from "./fcm-answer.ts";
import type { ErrorDetail, FcmAnswer } from "./fcm-answer.ts";

/** The words of each error code, and what its answer carries beside the code. */
const WORDS: Readonly<Record<string, { readonly message: string; readonly more?: readonly ErrorDetail[] }>> = {
  INVALID_ARGUMENT: { message: "Request contains an invalid argument." },
  UNREGISTERED: { message: "Requested entity was not found." },
  SENDER_ID_MISMATCH: { message: "SenderId mismatch" },
  QUOTA_EXCEEDED: {
    message: "Resource has been exhausted (e.g. check quota).",
    more: [
      {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        violations: [{ subject: "fcm.googleapis.com", description: "Sending limit exceeded for the message target." }],
      },
    ],
  },
  UNAVAILABLE: { message: "The service is currently unavailable." },
  INTERNAL: { message: "Internal error encountered." },
  UNSPECIFIED_ERROR: { message: "Internal error encountered." },
  THIRD_PARTY_AUTH_ERROR: {
    message: "Auth error from APNS or Web Push Service",
    more: [
      {
        "@type": "type.googleapis.com/google.firebase.fcm.v1.ApnsError",
        statusCode: 403,
        reason: "InvalidProviderToken",
      },
    ],
  },
};

const GOOGLE_ONLY: Readonly<Record<string, string>> = {
  UNAUTHENTICATED:
    "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid " +
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
  PERMISSION_DENIED: "The caller does not have permission",
  NOT_FOUND: "Requested entity was not found.",
  RESOURCE_EXHAUSTED: "Resource has been exhausted (e.g. check quota).",
};

/**
 * The answer a script asks for. `reason` is an FCM error code, or Google's name of the status for an error that does not
 * come from FCM; a failure without one is the HTML page of Google's front end.
 */
export function scriptedAnswer(
  script: { readonly status: number; readonly reason?: string; readonly retryAfterS?: number },
  name: string,
): FcmAnswer {
  const { status, reason, retryAfterS } = script;
  if (status === 200) return accepted(name);
  const more = retryAfterS === undefined ? {} : { retryAfterS };
  if (reason === undefined) {
    const page = htmlPage(status, "The server encountered a temporary error and could not complete your request.");
    const { reason: _, ...untyped } = page;
    return { ...untyped, ...more, headers: [...page.headers, ...retryHeader(retryAfterS)] };
  }
  const googleMessage = GOOGLE_ONLY[reason];
  if (googleMessage !== undefined) return { ...googleError(status, googleMessage, [], more), reason };
  const words = WORDS[reason] ?? { message: reason };
  return googleError(status, words.message, [fcmError(reason), ...(words.more ?? [])], more);
}

/** 429 for the quota of a project or a device. */
export function quotaExceeded(subject: string, description: string, retryAfterS: number): FcmAnswer {
  const failure = {
    "@type": "type.googleapis.com/google.rpc.QuotaFailure",
    violations: [{ subject, description }],
  };
  const { message } = WORDS["QUOTA_EXCEEDED"]!;
  return googleError(429, message, [fcmError("QUOTA_EXCEEDED"), failure], { retryAfterS });
}

/** 400 of FCM itself, about one field. */
export function invalidArgument(field: string, description: string): FcmAnswer {
  return googleError(400, description, [badRequest({ field, description }), fcmError("INVALID_ARGUMENT")]);
}

function retryHeader(retryAfterS: number | undefined): readonly (readonly [string, string])[] {
  return retryAfterS === undefined ? [] : [["retry-after", `${retryAfterS}`]];
}
