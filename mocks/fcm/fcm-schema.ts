/**
 * The request of `projects.messages.send` as data, after the FCM v1 discovery document (fcm.googleapis.com/$discovery/rest)
 * and, for `bandwidthConstrainedOk`, `restrictedSatelliteOk`, `liveActivityToken` and `androidV2`, Google's Admin SDKs.
 */

/** A field's type in the words of the discovery document; `duration` is "3.5s", `timestamp` RFC 3339, `struct` any object. */
export type FieldType =
  | "string"
  | "bool"
  | "int32"
  | "float"
  | "duration"
  | "timestamp"
  | "struct"
  | { readonly kind: "enum"; readonly name: string; readonly values: readonly string[] }
  /** `map<string, string>`; `entry` is the message type of an entry. */
  | { readonly kind: "map"; readonly entry: string }
  | { readonly kind: "list"; readonly of: FieldType }
  | MessageType;

export interface MessageType {
  readonly kind: "message";
  /** Full name, e.g. `google.firebase.fcm.v1.Message`. */
  readonly name: string;
  /** By both spellings that proto JSON takes: `collapseKey` and `collapse_key`. */
  readonly fields: ReadonlyMap<string, MessageField>;
}

export interface MessageField {
  /** `collapseKey` */
  readonly jsonName: string;
  /** `collapse_key`, as Google's errors have it. */
  readonly protoName: string;
  readonly type: FieldType;
  /** At most one field of a oneof may be set. */
  readonly oneof?: string;
}

const PACKAGE = "google.firebase.fcm.v1";

function message(
  name: string,
  fields: Readonly<Record<string, FieldType>>,
  oneofs: Readonly<Record<string, readonly string[]>> = {},
): MessageType {
  const byName = new Map<string, MessageField>();
  for (const [jsonName, type] of Object.entries(fields)) {
    const protoName = jsonName.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    const oneof = Object.entries(oneofs).find(([, members]) => members.includes(jsonName))?.[0];
    const field = { jsonName, protoName, type, ...(oneof === undefined ? {} : { oneof }) };
    byName.set(jsonName, field);
    byName.set(protoName, field);
  }
  return { kind: "message", name: name.includes(".") ? name : `${PACKAGE}.${name}`, fields: byName };
}

const enumeration = (name: string, values: readonly string[]): FieldType => ({
  kind: "enum",
  name: `${PACKAGE}.${name}`,
  values,
});
const stringMap = (entry: string): FieldType => ({ kind: "map", entry: `${PACKAGE}.${entry}` });
const listOf = (of: FieldType): FieldType => ({ kind: "list", of });

const color = message("google.type.Color", { red: "float", green: "float", blue: "float", alpha: "float" });

const lightSettings = message("LightSettings", { color, lightOnDuration: "duration", lightOffDuration: "duration" });

const androidNotification = message("AndroidNotification", {
  title: "string",
  body: "string",
  icon: "string",
  color: "string",
  sound: "string",
  tag: "string",
  clickAction: "string",
  bodyLocKey: "string",
  bodyLocArgs: listOf("string"),
  titleLocKey: "string",
  titleLocArgs: listOf("string"),
  channelId: "string",
  ticker: "string",
  sticky: "bool",
  eventTime: "timestamp",
  localOnly: "bool",
  notificationPriority: enumeration("AndroidNotification.NotificationPriority", [
    "PRIORITY_UNSPECIFIED",
    "PRIORITY_MIN",
    "PRIORITY_LOW",
    "PRIORITY_DEFAULT",
    "PRIORITY_HIGH",
    "PRIORITY_MAX",
  ]),
  defaultSound: "bool",
  defaultVibrateTimings: "bool",
  defaultLightSettings: "bool",
  vibrateTimings: listOf("duration"),
  visibility: enumeration("AndroidNotification.Visibility", ["VISIBILITY_UNSPECIFIED", "PRIVATE", "PUBLIC", "SECRET"]),
  notificationCount: "int32",
  lightSettings,
  image: "string",
  bypassProxyNotification: "bool",
  proxy: enumeration("AndroidNotification.Proxy", ["PROXY_UNSPECIFIED", "ALLOW", "DENY", "IF_PRIORITY_LOWERED"]),
});

const androidFcmOptions = message("AndroidFcmOptions", { analyticsLabel: "string" });

const androidConfig = message("AndroidConfig", {
  collapseKey: "string",
  priority: enumeration("AndroidMessagePriority", ["NORMAL", "HIGH"]),
  ttl: "duration",
  restrictedPackageName: "string",
  data: stringMap("AndroidConfig.DataEntry"),
  notification: androidNotification,
  fcmOptions: androidFcmOptions,
  directBootOk: "bool",
  bandwidthConstrainedOk: "bool",
  restrictedSatelliteOk: "bool",
});

const androidConfigV2 = message("AndroidConfigV2", {
  collapseKey: "string",
  ttl: "duration",
  restrictedPackageName: "string",
  data: stringMap("AndroidConfigV2.DataEntry"),
  fcmOptions: androidFcmOptions,
  directBootOk: "bool",
  bandwidthConstrainedOk: "bool",
  restrictedSatelliteOk: "bool",
  remoteNotification: message("AndroidRemoteNotification", {
    mutableContent: "bool",
    useAsV1DataMessage: "bool",
    notification: "struct",
  }),
  backgroundSync: message("AndroidBackgroundSyncMessage", {}),
});

const webpushConfig = message("WebpushConfig", {
  headers: stringMap("WebpushConfig.HeadersEntry"),
  data: stringMap("WebpushConfig.DataEntry"),
  notification: "struct",
  fcmOptions: message("WebpushFcmOptions", { link: "string", analyticsLabel: "string" }),
});

const apnsConfig = message("ApnsConfig", {
  headers: stringMap("ApnsConfig.HeadersEntry"),
  payload: "struct",
  fcmOptions: message("ApnsFcmOptions", { analyticsLabel: "string", image: "string" }),
  liveActivityToken: "string",
});

export const sendMessageRequest: MessageType = message("SendMessageRequest", {
  validateOnly: "bool",
  message: message(
    "Message",
    {
      name: "string",
      data: stringMap("Message.DataEntry"),
      notification: message("Notification", { title: "string", body: "string", image: "string" }),
      android: androidConfig,
      androidV2: androidConfigV2,
      webpush: webpushConfig,
      apns: apnsConfig,
      fcmOptions: message("FcmOptions", { analyticsLabel: "string" }),
      token: "string",
      topic: "string",
      condition: "string",
    },
    { target: ["token", "topic", "condition"] },
  ),
});
