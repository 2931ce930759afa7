import type { PeerCertificate } from "../http/http-exchange.ts";
import type { ApnsEnvironment } from "./apns-profile.ts";
import type { ClientCertificate } from "./connection-state.ts";
import { hexOf, readDer, readDerList, textOf } from "./der.ts";
import type { DerValue } from "./der.ts";

const OCTET_STRING = 0x04;
const UTF8_STRING = 0x0c;
const EXTENSIONS = 0xa3;
const VERSION = 0xa0;
/** 0.9.2342.19200300.100.1.1, userId (RFC 4519 section 2.39). */
const USER_ID = "0992268993f22c640101";
/** 1.2.840.113635.100.6.3, under which Apple has the extensions of push certificates. */
const PUSH = "2a864886f763640603";
const DEVELOPMENT = `${PUSH}01`;
const PRODUCTION = `${PUSH}02`;
const VOIP_SERVICES = `${PUSH}04`;
const TOPICS = `${PUSH}06`;

/**
 * Reads the client certificate of a connection. It is accepted when the authority of the server signed it and its subject's
 * UID names a bundle id. Extensions under 1.2.840.113635.100.6.3 say the rest: 1 development, 2 production (neither: both),
 * 6 the topics with what each is for (Apple, "Sending notification requests to APNs", Know when to use push types). Without 6
 * the topic is the UID, with 4 (VoIP services) also with `.voip`.
 */
export function clientCertificateOf({ der, subject, trusted }: PeerCertificate): ClientCertificate {
  const fields = readDerList(readDerList(readDer(der)?.content)[0]?.content);
  const [, , , , subjectName] = fields[0]?.tag === VERSION ? fields.slice(1) : fields;
  const bundleId = userIdOf(subjectName);
  const extensions = extensionsOf(fields);
  return {
    subject,
    accepted: trusted && bundleId !== undefined,
    topics: topicsOf(extensions, bundleId),
    environments: environmentsOf(extensions),
  };
}

function userIdOf(name: DerValue | undefined): string | undefined {
  for (const set of readDerList(name?.content)) {
    for (const attribute of readDerList(set.content)) {
      const [type, value] = readDerList(attribute.content);
      if (hexOf(type) === USER_ID && value !== undefined && value.content.length > 0) return textOf(value);
    }
  }
  return undefined;
}

/** What is in each extension's octet string, by the object identifier in hex. */
function extensionsOf(fields: readonly DerValue[]): ReadonlyMap<string, Uint8Array> {
  const list = readDerList(fields.find(({ tag }) => tag === EXTENSIONS)?.content)[0];
  return new Map(
    readDerList(list?.content).map((extension) => {
      const parts = readDerList(extension.content);
      return [hexOf(parts[0]), parts.find(({ tag }) => tag === OCTET_STRING)?.content ?? new Uint8Array()];
    }),
  );
}

function topicsOf(extensions: ReadonlyMap<string, Uint8Array>, bundleId: string | undefined): readonly string[] {
  // A sequence of topics, each followed by a sequence of its uses.
  const listed = readDerList(readDer(extensions.get(TOPICS) ?? new Uint8Array())?.content)
    .filter(({ tag }) => tag === UTF8_STRING)
    .map(textOf);
  if (listed.length > 0 || bundleId === undefined) return listed;
  return extensions.has(VOIP_SERVICES) && !bundleId.endsWith(".voip") ? [bundleId, `${bundleId}.voip`] : [bundleId];
}

function environmentsOf(extensions: ReadonlyMap<string, Uint8Array>): readonly ApnsEnvironment[] {
  const [isSandbox, isProduction] = [extensions.has(DEVELOPMENT), extensions.has(PRODUCTION)];
  if (isSandbox === isProduction) return ["production", "sandbox"];
  return isSandbox ? ["sandbox"] : ["production"];
}
