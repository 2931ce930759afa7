import type { AndroidNumbers } from "./android-numbers.ts";
import type { AndroidSettings } from "./android-settings.ts";

const DAY_MS = 24 * 3600 * 1000;

/** A message that was delivered as high. */
export interface HighMessage {
  readonly atMs: number;
  /** It led to something the user can see. */
  readonly shown: boolean;
}

/**
 * Why a message that was sent as high is treated as normal now, or undefined. FCM looks at what the app's high messages of
 * seven days led to (Firebase, "Set and manage Android message priority"); up to Android 12 also the standby bucket limits
 * how many a day there are (Android, "Power management restrictions").
 */
export function whyDeprioritised(
  history: readonly HighMessage[],
  settings: Pick<AndroidSettings, "bucket" | "deprioritised">,
  numbers: AndroidNumbers,
  nowMs: number,
): string | undefined {
  if (settings.deprioritised) return "the app is deprioritised";
  const { deprioritiseAfter, deprioritiseDays } = numbers;
  const within = (days: number) => history.filter(({ atMs }) => nowMs - atMs < days * DAY_MS);
  const silent = within(deprioritiseDays).filter(({ shown }) => !shown).length;
  if (deprioritiseAfter > 0 && silent >= deprioritiseAfter)
    return `${silent} high messages of ${deprioritiseDays} days showed nothing`;
  const limit = dailyLimit(settings, numbers);
  if (limit > 0 && within(1).length >= limit) return `the ${settings.bucket} bucket allows ${limit} a day`;
  return undefined;
}

function dailyLimit({ bucket }: Pick<AndroidSettings, "bucket">, numbers: AndroidNumbers): number {
  switch (bucket) {
    case "active":
    case "working-set":
      return 0;
    case "frequent":
      return numbers.highPerDayFrequent;
    case "rare":
      return numbers.highPerDayRare;
    case "restricted":
      return numbers.highPerDayRestricted;
  }
}
