import { messageOf, UsageError } from "../errors.ts";
import type { WorldFacts } from "../run/world.ts";
import type { FromWorld, Readiness } from "./target-definition.ts";

/** What a function of a config must return, checked when it is called: before the run nobody knows. */
export interface Shape<T> {
  readonly words: string;
  readonly fits: (value: unknown) => value is T;
}

export const texts: Shape<readonly string[]> = {
  words: "an array of strings",
  fits: (value): value is readonly string[] => Array.isArray(value) && value.every(isText),
};

export const oneOrMoreTexts: Shape<string | readonly string[]> = {
  words: "a string or an array of strings",
  fits: (value): value is string | readonly string[] => isText(value) || (texts.fits(value) && value.length > 0),
};

export const textByName: Shape<Readonly<Record<string, string>>> = {
  words: "an object of strings",
  fits: (value): value is Readonly<Record<string, string>> => isObject(value) && Object.values(value).every(isText),
};

export const readiness: Shape<Readiness> = {
  words: "one of { sip }, { tcp }, { log }, { http }",
  fits: (value): value is Readiness =>
    isObject(value) && ["sip", "tcp", "log", "http"].filter((key) => Object.hasOwn(value, key)).length === 1,
};

/**
 * A value of a config, made from the world where it is a function.
 *
 * @param field of the config, for messages.
 * @throws UsageError when the function throws or returns something of another shape.
 */
export function madeFromWorld<T>(value: FromWorld<T>, world: WorldFacts, field: string, shape: Shape<T>): T {
  if (typeof value !== "function") return value;
  let made: unknown;
  try {
    made = (value as (world: WorldFacts) => unknown)(world);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError("config-threw", `${field} threw: ${messageOf(error)}`, { cause: error });
  }
  if (shape.fits(made)) return made;
  throw new UsageError("bad-config", `${field} must return ${shape.words}, not ${describe(made)}.`);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  return value instanceof Promise ? "a promise" : (JSON.stringify(value) ?? String(value)).slice(0, 80);
}
