import type { Platform } from "../trace/trace-event.ts";
import type { Action, PhoneSettings, Plan } from "./plan.ts";
import type { Wrong } from "./wrong.ts";

/** What is set on phones of one platform alone; all else is on both. */
const settingsOf: Readonly<Partial<Record<keyof PhoneSettings, Platform>>> = {
  doNotDisturb: "ios",
  blocksCallers: "ios",
  audioHeld: "ios",
  locked: "android",
  postNotifications: "android",
  fullScreenIntent: "android",
  manageOwnCalls: "android",
  otherCall: "android",
};

/** What phones of one platform alone do. */
const actionsOf: Readonly<Partial<Record<Action["kind"], Platform>>> = {
  "phone.invalidate-token": "ios",
  "phone.reset-provider": "ios",
  "phone.remove-task": "android",
};

const fieldsOf: Readonly<Record<string, Platform>> = { others: "ios", through: "android", priority: "android" };

const names: Readonly<Record<Platform, string>> = { ios: "iOS", android: "Android" };

/** What only the other platform knows of. */
export function wrongForPlatform(plan: Plan): Wrong | undefined {
  return wrongPhone(plan) ?? wrongStep(plan);
}

function wrongPhone({ phones }: Plan): Wrong | undefined {
  for (const [i, { platform, android, settings, pushes }] of phones.entries()) {
    if (platform !== "android" && android !== undefined)
      return [`phones[${i}].android`, `only an Android phone has it, and this one is ${platform}`];
    const setting = foreignSetting(platform, settings);
    if (setting !== undefined) return [`phones[${i}].settings.${setting}`, onlyOn(settingsOf[setting], platform)];
    for (const [j, { answer }] of pushes.entries()) {
      const field = answer.kind === "status" ? foreignField(platform, answer) : undefined;
      if (field !== undefined)
        return [
          `phones[${i}].pushes[${j}].answer.${field}`,
          `the push service of ${platform} phones sends no such thing`,
        ];
    }
  }
  return undefined;
}

function wrongStep({ phones, steps }: Plan): Wrong | undefined {
  for (const [i, { do: action }] of steps.entries()) {
    if (!("phone" in action)) continue;
    const { platform } = phones[Number(action.phone.slice("phone:".length)) - 1]!;
    if (isForeign(actionsOf[action.kind], platform)) {
      return [`steps[${i}].do.kind`, `${action.kind}: ${onlyOn(actionsOf[action.kind], platform)}`];
    }
    const field = Object.keys(action).find((key) => Object.hasOwn(fieldsOf, key) && isForeign(fieldsOf[key], platform));
    if (field !== undefined) return [`steps[${i}].do.${field}`, onlyOn(fieldsOf[field], platform)];
    if (action.kind === "push.send" && action.form === "not-obliged" && platform !== "ios") {
      return [`steps[${i}].do.form`, `not-obliged: ${onlyOn("ios", platform)}`];
    }
    const setting = action.kind === "phone.change" ? foreignSetting(platform, action.settings) : undefined;
    if (setting !== undefined) return [`steps[${i}].do.settings.${setting}`, onlyOn(settingsOf[setting], platform)];
  }
  return undefined;
}

function foreignSetting(platform: Platform, settings: PhoneSettings = {}): keyof PhoneSettings | undefined {
  return (Object.keys(settings) as (keyof PhoneSettings)[]).find((name) => isForeign(settingsOf[name], platform));
}

function isForeign(owner: Platform | undefined, platform: Platform): boolean {
  return owner !== undefined && owner !== platform;
}

function onlyOn(owner: Platform | undefined, platform: Platform): string {
  return `only ${owner === "ios" ? "iPhones have" : "Android phones have"} it, and this one is ${names[platform]}`;
}

function foreignField(platform: Platform, answer: object): string | undefined {
  const field = platform === "ios" ? "retryAfterS" : "unregistered";
  return field in answer ? field : undefined;
}
