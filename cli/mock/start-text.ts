import { shellWord } from "../shell-word.ts";
import { redirectLines } from "./redirect-lines.ts";
import type { MockFacts } from "./mock-files.ts";

const CALL = '{"callUUID":"6f1c2a3e-5b7d-4e8f-9a0b-1c2d3e4f5a6b"}';

/** What is shown once the mocks listen: addresses, credentials, and for each service a push that can be pasted. */
export function startText(
  facts: MockFacts,
  tokens: { readonly apns?: string; readonly fcm?: string },
): readonly string[] {
  const { apns, fcm, tls, admin, deviceLink, redirect } = facts;
  const rows: (readonly [string, string] | readonly [])[] = [];
  const row = (name: string, value: string | undefined): void => void (value !== undefined && rows.push([name, value]));
  row("APNs", apns?.url);
  row("  team id, key id", apns && `${apns.teamId} ${apns.keyId}`);
  row("  signing key", apns?.keyFile);
  row("  or client certificate", apns?.clientCertificateFile);
  row("  and its key", apns?.clientKeyFile);
  row("FCM", fcm && `${fcm.url}/v1/projects/${fcm.projectId}/messages:send`);
  row("  OAuth", fcm?.oauthUrl);
  row("  service account", fcm?.serviceAccountFile);
  row("CA to trust", tls.caFile);
  row("Admin API", admin?.url);
  row("Device link", deviceLink?.url);
  const lines = rows.map(([name = "", value = ""]) => `${name.padEnd(24)}${value}`);
  const adminUrl = admin?.url ?? "";
  return [
    ...lines,
    ...(apns === undefined || tokens.apns === undefined
      ? []
      : [
          "",
          "A push to try it with:",
          "",
          `curl -i --http2 --cacert ${shellWord(tls.caFile)} \\`,
          `  -H "authorization: bearer $(curl -s ${adminUrl}/provider-token)" \\`,
          `  -H ${shellWord(`apns-topic: ${apns.topic}`)} -H 'apns-push-type: voip' \\`,
          "  -H 'apns-priority: 10' -H 'apns-expiration: 0' \\",
          `  -d '${CALL}' \\`,
          `  ${shellWord(`${apns.url}/3/device/${tokens.apns}`)}`,
        ]),
    ...(fcm === undefined || tokens.fcm === undefined
      ? []
      : [
          "",
          "A message to try it with:",
          "",
          `curl --cacert ${shellWord(tls.caFile)} \\`,
          `  -H "authorization: Bearer $(curl -s ${adminUrl}/access-token)" \\`,
          "  -H 'content-type: application/json' \\",
          `  -d '{"message":{"token":"${tokens.fcm}","data":${CALL},"android":{"priority":"HIGH","ttl":"20s"}}}' \\`,
          `  ${shellWord(`${fcm.url}/v1/projects/${fcm.projectId}/messages:send`)}`,
        ]),
    ...(redirect === undefined
      ? []
      : [
          "",
          `To point clients with built-in addresses here (. ${shellWord(redirect.file)}):`,
          "",
          ...redirectLines(redirect),
        ]),
    "",
    "Ctrl-C ends it. Pushes:",
    "",
  ];
}
