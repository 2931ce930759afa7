/** What a client does wrong, and what gives it away. */
export interface VendorHabit {
  /** Id and mismatch of the finding it draws. */
  readonly finding: string;
  /** When and how, in words that go on after "draws the finding". */
  readonly when: string;
}

/** A client that senders of pushes are built on, as the tests of this folder drive it. */
export interface VendorClient {
  readonly name: string;
  /** It is a package of `devDependencies`, in the version that stands there; else a program of the system. */
  readonly isPackage: boolean;
  /** How it is pointed at the mocks. Markdown. */
  readonly pointing: string;
  readonly habits: readonly VendorHabit[];
}

export const nodeApn = {
  name: "@parse/node-apn",
  isPackage: true,
  pointing:
    "`new Provider({ address: apns.host, port: apns.port, ca: [apns.caPem], token })`, or with `cert` and `key` in place of `token`",
  habits: [
    { finding: "apns/expiration missing", when: "a notification without `expiry` is kept for as long as Apple likes" },
    { finding: "apns/push-type missing-push-type", when: "a notification without `pushType` goes out without one" },
    { finding: "apns/priority background-immediate", when: "a background notification has priority 10 by default" },
    { finding: "apns/payload empty", when: "an empty payload is sent as no body at all" },
    {
      finding: "apns/provider-token-refresh refreshed-too-often",
      when: "`ExpiredProviderToken` makes it sign three more tokens within milliseconds",
    },
    { finding: "flow/no-retry-storm retry-storm", when: "429 and 5xx make it try three more times without a pause" },
    {
      finding: "apns/stream-limit streams-refused",
      when: "a burst on a new connection opens 100 streams where APNs allows one; 99 are refused and never tried again",
    },
    {
      finding: "apns/header-indexing reindexed-field",
      when: "`id`, `expiry` and `collapseId` go into the HPACK table again whenever they change",
    },
  ],
} as const satisfies VendorClient;

export const apns2 = {
  name: "apns2",
  isPackage: true,
  pointing: "the environment of `ringtrue mock --redirect`, as it has port 443 built in",
  habits: [
    { finding: "apns/push-type not-voip", when: "a notification without `type` is an alert, whatever its topic" },
    {
      finding: "apns/expiration missing",
      when: "a notification without `expiration` is kept for as long as Apple likes",
    },
    {
      finding: "apns/provider-token-refresh refreshed-too-often",
      when: "each `ExpiredProviderToken` makes it sign a new token, however young the last one is",
    },
    {
      finding: "apns/header-indexing reindexed-field",
      when: "`expiration` and `collapseId` go into the HPACK table again whenever they change",
    },
  ],
} as const satisfies VendorClient;

export const nodePushNotifications = {
  name: "node-pushnotifications",
  isPackage: true,
  pointing:
    "APNs: `apn` takes the options of @parse/node-apn; both services: the environment of `ringtrue mock --redirect`",
  habits: [
    { finding: "apns/expiration too-late", when: "a push without `expiry` is kept for 28 days" },
    { finding: "apns/push-type missing-push-type", when: "a push without `pushType` goes out without one" },
    { finding: "apns/priority not-immediate", when: "a `silent` push has priority 5, even with `priority: 'high'`" },
    { finding: "fcm/ttl too-long", when: "a message without `expiry` is kept for 28 days" },
    { finding: "fcm/data-only notification-present", when: "a message that is not `silent` has a notification" },
    { finding: "fcm/scheme malformed-scheme", when: "`:scheme` is `https:`, as in firebase-admin" },
    {
      finding: "fcm/connection-reuse connection-per-push",
      when: "each `send` opens a connection and asks for an access token",
    },
    {
      finding: "apns/header-indexing reindexed-field",
      when: "`expiry` and `collapseKey` go into the HPACK table again whenever they change, as in @parse/node-apn",
    },
  ],
} as const satisfies VendorClient;

export const firebaseAdmin = {
  name: "firebase-admin",
  isPackage: true,
  pointing: "the environment of `ringtrue mock --redirect`, as it has the hosts of FCM and OAuth built in",
  habits: [
    { finding: "fcm/scheme malformed-scheme", when: "`sendEach` over HTTP/2 has `:scheme: https:`, with a colon" },
    { finding: "fcm/connection-reuse connection-per-push", when: "`sendEach` opens a connection of its own each time" },
    { finding: "fcm/priority not-high", when: "a message without `android.priority` is of normal priority" },
    { finding: "fcm/ttl missing", when: "a message without `android.ttl` is kept for four weeks" },
  ],
} as const satisfies VendorClient;

export const curl = {
  name: "curl",
  isPackage: false,
  pointing:
    "`--cacert` and the address of the mock, `--connect-to api.push.apple.com:443:<host>:<port>` where the name must stay",
  habits: [
    { finding: "apns/connection-reuse connection-per-push", when: "each run opens a connection for one push" },
    {
      finding: "apns/header-indexing reindexed-field",
      when: "a header field that differs after `--next` goes into the HPACK table again",
    },
  ],
} as const satisfies VendorClient;

export const nghttp = {
  name: "nghttp",
  isPackage: false,
  pointing: "the address of the mock; it warns that it does not know the authority and goes on",
  habits: [
    { finding: "apns/http2-priority priority-sent", when: "it opens each connection with five PRIORITY frames" },
    {
      finding: "apns/stream-limit streams-refused",
      when: "`-m` on a new connection opens up to 100 streams where APNs allows one",
    },
  ],
} as const satisfies VendorClient;

export const vendorClients: readonly VendorClient[] = [
  nodeApn,
  apns2,
  nodePushNotifications,
  firebaseAdmin,
  curl,
  nghttp,
];

/** What provokes each habit of a client: a habit without a test, or a test without a habit, does not compile. */
export type Provocations<Client extends VendorClient, Work> = Readonly<
  Record<Client["habits"][number]["finding"], Work>
>;
