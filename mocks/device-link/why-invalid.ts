import type { z } from "zod";

/** The first thing that is wrong with a value, as `params.update.hasVideo: expected boolean, received string`. */
export function whyInvalid(error: z.ZodError, name: string): string {
  const [issue] = error.issues;
  if (issue === undefined) return `${name} does not fit`;
  const path = [name, ...issue.path.map(String)].join(".");
  return `${path}: ${issue.message.replace(/^Invalid (?:input|option): /, "")}`.slice(0, 300);
}
