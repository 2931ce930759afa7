import { createPublicKey, generateKeyPair, randomBytes, randomInt } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";

/** What a sender signs its OAuth assertions with, and what the simulated OAuth verifies them with. */
export interface FcmCredentials {
  readonly projectId: string;
  /** 12 digits; the path of a request may name the project by it. */
  readonly projectNumber: string;
  /** The service account: the `iss` claim of an assertion. */
  readonly clientEmail: string;
  /** 21 digits. */
  readonly clientId: string;
  readonly privateKeyId: string;
  /** RSA 2048, PKCS #8 PEM. */
  readonly privateKeyPem: string;
  readonly publicKey: KeyObject;
}

/** A service account's key file as Google hands it out. */
export interface ServiceAccountKey {
  readonly type: "service_account";
  readonly project_id: string;
  readonly private_key_id: string;
  readonly private_key: string;
  readonly client_email: string;
  readonly client_id: string;
  readonly auth_uri: string;
  readonly token_uri: string;
  readonly auth_provider_x509_cert_url: string;
  readonly client_x509_cert_url: string;
  readonly universe_domain: string;
}

let sharedKey: Promise<string> | undefined;

/**
 * Makes fresh credentials: project, service account and key id. The RSA key is made once per process, as that takes a
 * noticeable part of a second.
 */
export async function createFcmCredentials(project: { readonly projectId?: string } = {}): Promise<FcmCredentials> {
  sharedKey ??= generateRsaKey();
  const privateKeyPem = await sharedKey;
  const projectId = project.projectId ?? `ringtrue-${randomBytes(3).toString("hex")}`;
  return {
    projectId,
    projectNumber: digits(12),
    clientEmail: `firebase-adminsdk-${randomBytes(3).toString("hex")}@${projectId}.iam.gserviceaccount.com`,
    clientId: digits(21),
    privateKeyId: randomBytes(20).toString("hex"),
    privateKeyPem,
    publicKey: createPublicKey(privateKeyPem),
  };
}

/** The key file of the credentials' service account; `oauthUrl` is its `token_uri`. */
export function serviceAccountKey(credentials: FcmCredentials, oauthUrl: string): ServiceAccountKey {
  const { projectId, clientEmail } = credentials;
  return {
    type: "service_account",
    project_id: projectId,
    private_key_id: credentials.privateKeyId,
    private_key: credentials.privateKeyPem,
    client_email: clientEmail,
    client_id: credentials.clientId,
    auth_uri: "https://accounts.google.com/o/oauth2/auth",
    token_uri: oauthUrl,
    auth_provider_x509_cert_url: "https://www.googleapis.com/oauth2/v1/certs",
    client_x509_cert_url: `https://www.googleapis.com/robot/v1/metadata/x509/${encodeURIComponent(clientEmail)}`,
    universe_domain: "googleapis.com",
  };
}

/** `serviceAccountKey` as the text of the file. */
export function serviceAccountJson(credentials: FcmCredentials, oauthUrl: string): string {
  return `${JSON.stringify(serviceAccountKey(credentials, oauthUrl), undefined, 2)}\n`;
}

/** An RSA 2048 key, PKCS #8 PEM. */
async function generateRsaKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }) as string;
}

function digits(count: number): string {
  return Array.from({ length: count }, (_, index) => randomInt(index === 0 ? 1 : 0, 10)).join("");
}
