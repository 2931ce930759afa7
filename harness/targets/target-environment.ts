import type { TargetContext } from "./target-definition.ts";

/** The facts of the world as environment variables, so that a target in any language needs no TypeScript. */
export function targetEnvironment(context: TargetContext): Readonly<Record<string, string>> {
  const { world, facts } = context;
  return {
    ...(facts.role === "server" ? pushServices(context) : {}),
    ...(world.deviceLink === undefined ? {} : { RINGTRUE_DEVICE_LINK_URL: world.deviceLink.url }),
    RINGTRUE_TLS_CA_FILE: world.tls.caFile,
    RINGTRUE_TLS_CERTIFICATE_FILE: world.tls.certificateFile,
    RINGTRUE_TLS_KEY_FILE: world.tls.keyFile,
    RINGTRUE_SIP_DOMAIN: world.sip.domain,
    RINGTRUE_DIRECTORY: world.directory,
    RINGTRUE_PROFILE: JSON.stringify(facts.profile),
    ...(facts.sip.addresses[0] === undefined ? {} : { RINGTRUE_SIP_ADDRESS: facts.sip.addresses.join(",") }),
  };
}

/** A client target is handed its pushes: only servers reach the push services. */
function pushServices({ world, facts }: TargetContext): Readonly<Record<string, string>> {
  return {
    RINGTRUE_APNS_URL: world.apns.url,
    RINGTRUE_APNS_HOST: world.apns.host,
    RINGTRUE_APNS_PORT: String(world.apns.port),
    RINGTRUE_APNS_TEAM_ID: world.apns.teamId,
    RINGTRUE_APNS_KEY_ID: world.apns.keyId,
    RINGTRUE_APNS_KEY_FILE: world.apns.keyFile,
    RINGTRUE_APNS_TOPIC: world.apns.topic,
    RINGTRUE_APNS_CLIENT_CERTIFICATE_FILE: world.apns.clientCertificateFile,
    RINGTRUE_APNS_CLIENT_KEY_FILE: world.apns.clientKeyFile,
    RINGTRUE_FCM_URL: world.fcm.url,
    RINGTRUE_FCM_HOST: world.fcm.host,
    RINGTRUE_FCM_PORT: String(world.fcm.port),
    RINGTRUE_FCM_PROJECT_ID: world.fcm.projectId,
    RINGTRUE_FCM_SERVICE_ACCOUNT_FILE: world.fcm.serviceAccountFile,
    RINGTRUE_FCM_OAUTH_URL: world.fcm.oauthUrl,
    RINGTRUE_FCM_PACKAGE: facts.fcm.packageName,
  };
}
