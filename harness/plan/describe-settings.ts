import type { PhoneSettings } from "./plan.ts";

const otherCallWords: Readonly<Record<NonNullable<PhoneSettings["otherCall"]>, string>> = {
  none: "no call of another app",
  holdable: "a call of another app",
  unholdable: "a call of another app that cannot be held",
  emergency: "an emergency call",
};

/** What is set on a phone, as a list: "Do Not Disturb on, full-screen intents denied". */
export function describeSettings(settings: PhoneSettings): string {
  const { osVersion, doNotDisturb, blocksCallers, audioHeld, locked, otherCall } = settings;
  const { postNotifications, fullScreenIntent, manageOwnCalls } = settings;
  const either = (value: boolean | undefined, words: string, yes: string, no: string): readonly string[] =>
    value === undefined ? [] : [`${words} ${value ? yes : no}`];
  const list = [
    ...(osVersion === undefined ? [] : [`system version ${osVersion}`]),
    ...either(doNotDisturb, "Do Not Disturb", "on", "off"),
    ...either(blocksCallers, "its callers", "blocked", "let through"),
    ...either(audioHeld, "its audio session", "held by another app", "free"),
    ...either(locked, "its screen", "locked", "unlocked"),
    ...either(postNotifications, "notifications", "permitted", "denied"),
    ...either(fullScreenIntent, "full-screen intents", "permitted", "denied"),
    ...either(manageOwnCalls, "calls of the app's own", "permitted", "denied"),
    ...(otherCall === undefined ? [] : [otherCallWords[otherCall]]),
  ];
  return list.length === 0 ? "nothing special set" : list.join(", ");
}
