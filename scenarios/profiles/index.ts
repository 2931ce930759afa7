import { UsageError } from "../../harness/errors.ts";
import type { Profile } from "../../harness/trace/run-facts.ts";
import { headerToken } from "./header-token.ts";
import { rfc8599 } from "./rfc8599.ts";

export const profiles: readonly Profile[] = [rfc8599, headerToken];

/** An id, or a known profile with some of its members changed. `undefined` for a member takes it away. */
export type ProfileInput = string | ({ readonly extends: string } & PartialDeep<Profile>);

type PartialDeep<T> = T extends object ? { readonly [K in keyof T]?: PartialDeep<T[K]> | undefined } : T;

/** Pointers and registration are merged member by member; all else is replaced. Throws UsageError for an unknown id. */
export function resolveProfile(input: ProfileInput): Profile {
  if (typeof input === "string") return known(input);
  const { extends: base, ...changes } = input;
  return { id: base, ...(merged(known(base), changes) as Omit<Profile, "id">) };
}

function known(id: string): Profile {
  const found = profiles.find((profile) => profile.id === id);
  if (found !== undefined) return found;
  const ids = profiles.map((profile) => profile.id).join(", ");
  throw new UsageError("unknown-profile", `profile: there is no profile "${id}"; known are ${ids}`);
}

/** What holds alternatives, not members: given anew, they stand alone. */
const wholes: ReadonlySet<string> = new Set(["cancelByPush", "contactParams", "header"]);

function merged(base: unknown, changes: unknown): unknown {
  if (!isRecord(base) || !isRecord(changes)) return changes;
  const result: Record<string, unknown> = { ...base };
  for (const [key, change] of Object.entries(changes)) {
    if (change === undefined) delete result[key];
    else result[key] = wholes.has(key) ? change : merged(base[key], change);
  }
  return result;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
