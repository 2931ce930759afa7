import { isIP } from "node:net";
import { fileURLToPath } from "node:url";
import { nodeOptionsWord } from "./node-options-word.ts";

/** Where a simulated push service listens. */
export interface RedirectTarget {
  /** IP address or name. */
  readonly host: string;
  readonly port: number;
}

export interface RedirectOptions {
  readonly apns?: RedirectTarget;
  /** FCM and the OAuth token endpoint. */
  readonly fcm?: RedirectTarget;
  /** Absolute path of the certificate that has to be trusted, PEM. */
  readonly caFile: string;
}

/** How a program that has the vendors' addresses built in is made to talk to simulated services. */
export interface Redirect {
  /** Environment variables by name. Programs for Node.js need nothing else. */
  readonly environment: Readonly<Record<string, string>>;
  /**
   * Lines for `/etc/hosts`, for programs that are not for Node.js and cannot be told an address: what resolves through it has
   * to find the service at port 443.
   */
  readonly hosts: readonly string[];
}

/** Apple, "Sending notification requests to APNs", Establish a connection to APNs: both servers, each at both ports. */
const APNS_HOSTS = ["api.push.apple.com", "api.sandbox.push.apple.com"];
const APNS_PORTS = [443, 2197];
/** Google's token endpoint has two names. */
const FCM_HOSTS = ["fcm.googleapis.com", "oauth2.googleapis.com", "www.googleapis.com"];
const FCM_PORTS = [443];

/** What is preloaded into programs for Node.js. */
export const preloadFile = fileURLToPath(new URL("preload.cjs", import.meta.url));

/**
 * The environment that points an unmodified client at simulated services.
 *
 * `RINGTRUE_REDIRECT` is read by the preload of `NODE_OPTIONS`. `NODE_EXTRA_CA_CERTS` adds to what Node.js trusts;
 * `CURL_CA_BUNDLE` (curl) and `SSL_CERT_FILE` (OpenSSL: Python, Ruby, Go) stand in place of it, so that the program trusts
 * nothing else meanwhile.
 *
 * @example
 * const { environment } = redirectEnvironment({ apns, caFile: "/tmp/ca.pem" });
 * spawn("node", ["my-server.js"], { env: { ...process.env, ...environment } });
 */
export function redirectEnvironment({ apns, fcm, caFile }: RedirectOptions): Redirect {
  const services = [
    ...(apns === undefined ? [] : [{ target: apns, hosts: APNS_HOSTS, ports: APNS_PORTS }]),
    ...(fcm === undefined ? [] : [{ target: fcm, hosts: FCM_HOSTS, ports: FCM_PORTS }]),
  ];
  const entries = services.flatMap(({ target, hosts, ports }) =>
    hosts.flatMap((host) => ports.map((port) => `${host}:${port}=${address(target)}`)),
  );
  return {
    environment: {
      NODE_EXTRA_CA_CERTS: caFile,
      NODE_OPTIONS: `--require=${nodeOptionsWord(preloadFile)}`,
      RINGTRUE_REDIRECT: entries.join(","),
      CURL_CA_BUNDLE: caFile,
      SSL_CERT_FILE: caFile,
    },
    hosts: services.flatMap(({ target, hosts }) =>
      isIP(target.host) === 0 ? [] : [`${target.host} ${hosts.join(" ")}`],
    ),
  };
}

function address({ host, port }: RedirectTarget): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}
