/**
 * What a topic ends in for each push type (Apple, "Sending notification requests to APNs", Know when to use push types): the
 * app's bundle ID with this appended. The topic of `mdm` is no bundle ID, but the UID of its certificate.
 */
export const topicSuffixes: Readonly<Record<string, string>> = {
  alert: "",
  background: "",
  complication: ".complication",
  controls: ".push-type.controls",
  fileprovider: ".pushkit.fileprovider",
  liveactivity: ".push-type.liveactivity",
  location: ".location-query",
  mdm: "",
  pushtotalk: ".voip-ptt",
  voip: ".voip",
  widgets: ".push-type.widgets",
};

const PUSH_TYPES = new Set(Object.keys(topicSuffixes));
const SUFFIXES = Object.values(topicSuffixes).filter((suffix) => suffix !== "");

/** Whether Apple documents a value of `apns-push-type`. */
export function isPushType(type: string): boolean {
  return PUSH_TYPES.has(type);
}

/** The suffix of a topic; empty where it has none. */
export function suffixOf(topic: string): string {
  return SUFFIXES.find((suffix) => topic.endsWith(suffix)) ?? "";
}

/** A topic without its suffix. */
export function bundleIdOf(topic: string): string {
  return topic.slice(0, topic.length - suffixOf(topic).length);
}
