import { plainProfile, type Profile } from "./profile.ts";
import type { ServerOptions } from "./server-options.ts";

/** Reads what the environment says: `RINGTRUE_*`. Throws an Error that names the missing or broken variable. */
export function settingsFrom(
  environment: Readonly<Record<string, string | undefined>>,
): Pick<ServerOptions, "apns" | "domain" | "fcm" | "profile"> {
  const required = (name: string): string => {
    const value = environment[name];
    if (value === undefined || value === "") throw new Error(`the environment variable ${name} is missing`);
    return value;
  };
  const caFile = environment["RINGTRUE_TLS_CA_FILE"];
  const fcmUrl = environment["RINGTRUE_FCM_URL"];
  return {
    apns: {
      url: required("RINGTRUE_APNS_URL"),
      topic: required("RINGTRUE_APNS_TOPIC"),
      teamId: required("RINGTRUE_APNS_TEAM_ID"),
      keyId: required("RINGTRUE_APNS_KEY_ID"),
      keyFile: required("RINGTRUE_APNS_KEY_FILE"),
      caFile,
    },
    fcm:
      fcmUrl === undefined || fcmUrl === ""
        ? undefined
        : {
            url: fcmUrl,
            projectId: required("RINGTRUE_FCM_PROJECT_ID"),
            serviceAccountFile: required("RINGTRUE_FCM_SERVICE_ACCOUNT_FILE"),
            caFile,
          },
    domain: environment["RINGTRUE_SIP_DOMAIN"]?.toLowerCase(),
    profile: profileFrom(environment["RINGTRUE_PROFILE"]),
  };
}

function profileFrom(text: string | undefined): Profile {
  if (text === undefined || text === "") return plainProfile;
  try {
    return JSON.parse(text) as Profile;
  } catch (error) {
    throw new Error("the environment variable RINGTRUE_PROFILE is no JSON", { cause: error });
  }
}
