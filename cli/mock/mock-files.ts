import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, UsageError } from "../../harness/errors.ts";
import type { WorldFacts } from "../../harness/run/world.ts";
import { redirectLines } from "./redirect-lines.ts";
import type { ApnsMock } from "../../mocks/standalone/apns-mock.ts";
import type { Redirect } from "../../mocks/redirect/redirect-environment.ts";
import type { FcmMock } from "../../mocks/standalone/fcm-mock.ts";
import { makeDirectory } from "../make-directory.ts";

/** What a program under test needs of the mocks: the world of a run, without SIP. Printed and served as JSON. */
export interface MockFacts {
  readonly apns?: WorldFacts["apns"];
  readonly fcm?: WorldFacts["fcm"];
  readonly tls: Pick<WorldFacts["tls"], "caFile">;
  readonly directory: string;
  /** What points a client with built-in addresses at the mocks; `file` sets it in a shell. */
  readonly redirect?: Redirect & { readonly file: string };
  readonly admin?: { readonly url: string };
  readonly deviceLink?: { readonly url: string };
}

export interface StartedMocks {
  readonly apns?: ApnsMock;
  readonly fcm?: FcmMock;
}

/** Only the user may read them: whoever holds these keys can push to the mocks. */
const PRIVATE = 0o600;

/**
 * Writes the authority's certificate and the credentials into a directory, under names that stay the same.
 *
 * @throws UsageError when nothing can be written there
 */
export async function writeMockFiles(
  directory: string,
  { apns, fcm }: StartedMocks,
  { caPem, topic }: { readonly caPem: string; readonly topic: string },
): Promise<MockFacts> {
  const file = (name: string): string => join(directory, name);
  const caFile = file("ca.pem");
  const apnsFacts =
    apns === undefined
      ? undefined
      : {
          url: apns.url,
          host: apns.host,
          port: apns.port,
          teamId: apns.credentials.teamId,
          keyId: apns.credentials.keyId,
          keyFile: file("AuthKey.p8"),
          topic,
          clientCertificateFile: file("apns-client.pem"),
          clientKeyFile: file("apns-client.key"),
        };
  const fcmFacts =
    fcm === undefined
      ? undefined
      : {
          url: fcm.url,
          host: fcm.host,
          port: fcm.port,
          projectId: fcm.credentials.projectId,
          serviceAccountFile: file("service-account.json"),
          oauthUrl: fcm.oauthUrl,
        };
  const texts: (readonly [path: string, text: string])[] = [[caFile, (apns ?? fcm)?.caPem ?? caPem]];
  if (apns !== undefined && apnsFacts !== undefined) {
    texts.push([apnsFacts.keyFile, apns.credentials.p8Pem]);
    texts.push([apnsFacts.clientCertificateFile, apns.credentials.certificatePem]);
    texts.push([apnsFacts.clientKeyFile, apns.credentials.certificateKeyPem]);
  }
  if (fcm !== undefined && fcmFacts !== undefined) {
    texts.push([fcmFacts.serviceAccountFile, `${JSON.stringify(fcm.credentials.serviceAccount, undefined, 2)}\n`]);
  }
  await writePrivately(directory, texts);
  return {
    ...(apnsFacts === undefined ? {} : { apns: apnsFacts }),
    ...(fcmFacts === undefined ? {} : { fcm: fcmFacts }),
    tls: { caFile },
    directory,
  };
}

/** Writes what a shell reads (`. redirect.sh`) to point the clients it starts at the mocks. */
export async function writeRedirect(
  directory: string,
  redirect: Redirect,
): Promise<Redirect & { readonly file: string }> {
  const file = join(directory, "redirect.sh");
  await writePrivately(directory, [[file, `${redirectLines(redirect).join("\n")}\n`]]);
  return { ...redirect, file };
}

async function writePrivately(directory: string, texts: readonly (readonly [string, string])[]): Promise<void> {
  try {
    await makeDirectory(directory, 0o700);
    for (const [path, text] of texts) {
      await writeFile(path, text, { mode: PRIVATE });
      // The mode above is for a new file only.
      await chmod(path, PRIVATE);
    }
  } catch (error) {
    const message = `--directory: the credentials cannot be written to ${directory} (${messageOf(error)}).`;
    throw new UsageError("directory", message, { cause: error });
  }
}
