import { writeFile } from "node:fs/promises";
import type { Clock } from "../../harness/clock/clock.ts";
import type { WorldFacts } from "../../harness/run/world.ts";
import { createApnsCredentials } from "../apns/apns-credentials.ts";
import { startApnsServer } from "../apns/apns-server.ts";
import { createFcmCredentials, serviceAccountJson } from "../fcm/fcm-credentials.ts";
import { startFcmServer } from "../fcm/fcm-server.ts";
import type { PushHooks, PushServiceName, TokenDirectory } from "../push/push-hooks.ts";
import type { TestAuthority } from "../tls/test-authority.ts";

export interface PushServicesOptions {
  readonly clock: Clock;
  readonly authority: TestAuthority;
  /** Where keys go, with mode 0600. */
  readonly file: (name: string) => string;
  readonly bind: string;
  /** Name under which the target reaches them, where that is not `bind`. */
  readonly advertise?: string;
  readonly ports: { readonly apns?: number; readonly fcm?: number };
  /** Bundle id and package name of the app. */
  readonly appId: string;
  readonly limits: { readonly apnsExpirationMaxS: number; readonly fcmTtlMaxS: number };
  readonly lookUpToken: (service: PushServiceName) => TokenDirectory;
  readonly hooks: PushHooks;
}

/** The simulated APNs and FCM of a run. */
export interface PushServices {
  readonly facts: Pick<WorldFacts, "apns" | "fcm">;
  close(): Promise<void>;
}

/** Starts both, and writes down what a target needs to push to them. Throws a UsageError where they cannot listen. */
export async function startPushServices(options: PushServicesOptions): Promise<PushServices> {
  const { clock, authority, file, bind, advertise, ports, appId, limits, lookUpToken, hooks } = options;
  const credentials = createApnsCredentials();
  const [client, account] = await Promise.all([authority.issueClient({ bundleId: appId }), createFcmCredentials()]);
  const shared = { bind, clock, authority, hooks, ...(advertise === undefined ? {} : { names: [advertise] }) };
  const topic = `${appId}.voip`;
  const open: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((server) => server.close()));
  };

  try {
    const apns = await startApnsServer({
      ...shared,
      ...(ports.apns === undefined ? {} : { port: ports.apns }),
      topic,
      credentials,
      expirationMaxS: limits.apnsExpirationMaxS,
      lookUpToken: lookUpToken("apns"),
    });
    open.push(apns);
    const fcm = await startFcmServer({
      ...shared,
      ...(ports.fcm === undefined ? {} : { port: ports.fcm }),
      credentials: account,
      packageName: appId,
      ttlMaxS: limits.fcmTtlMaxS,
      lookUpToken: lookUpToken("fcm"),
    });
    open.push(fcm);
    const reached = (server: { readonly host: string; readonly port: number }) => {
      const host = advertise ?? server.host;
      return { url: `https://${host.includes(":") ? `[${host}]` : host}:${server.port}`, host, port: server.port };
    };
    const oauthUrl = new URL(new URL(fcm.oauthUrl).pathname, reached(fcm).url).href;
    const facts: PushServices["facts"] = {
      apns: {
        ...reached(apns),
        teamId: credentials.teamId,
        keyId: credentials.keyId,
        keyFile: file(`AuthKey_${credentials.keyId}.p8`),
        topic,
        clientCertificateFile: file("apns-client.pem"),
        clientKeyFile: file("apns-client.key"),
      },
      fcm: {
        ...reached(fcm),
        projectId: account.projectId,
        serviceAccountFile: file("service-account.json"),
        oauthUrl,
      },
    };
    await Promise.all([
      writeFile(facts.apns.keyFile, credentials.p8Pem, { mode: 0o600 }),
      writeFile(facts.apns.clientCertificateFile, client.certPem, { mode: 0o600 }),
      writeFile(facts.apns.clientKeyFile, client.keyPem, { mode: 0o600 }),
      writeFile(facts.fcm.serviceAccountFile, serviceAccountJson(account, oauthUrl), { mode: 0o600 }),
    ]);
    return { facts, close };
  } catch (error) {
    await close();
    throw error;
  }
}
