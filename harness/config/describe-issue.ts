import { z } from "zod";
import { nearMiss } from "./near-miss.ts";

/** What is wrong with a config, one line per problem: the path of the field, what it must be, and what was probably meant. */
export function describeIssues(issues: readonly z.core.$ZodIssue[], schema: z.ZodType): readonly string[] {
  return issues.flatMap((issue) => describeIssue(issue, schema));
}

function describeIssue(issue: z.core.$ZodIssue, schema: z.ZodType): readonly string[] {
  const path = pathText(issue.path);
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => {
      const meant = nearMiss(key, known);
      const list = known.length === 0 ? "" : ` Known here: ${known.join(", ")}.`;
      return `${pathText([...issue.path, key])} is not known.${meant === undefined ? list : ` Did you mean ${meant}?`}`;
    });
  }
  if (issue.code === "invalid_union") {
    // The branch that came furthest is the one that was meant.
    const depth = (branch: readonly z.core.$ZodIssue[]): number =>
      Math.max(0, ...branch.map((one) => one.path.length * 2 + (one.code === "unrecognized_keys" ? 1 : 0)));
    const deepest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
    if (depth(deepest) > 0)
      return deepest.flatMap((one) => describeIssue({ ...one, path: [...issue.path, ...one.path] }, schema));
    if (issue.message === UNTOLD) return [`${path}: ${branchMessages(issue.errors).join(", or ")}`];
  }
  return [`${path}${issue.code === "invalid_type" ? typeMessage(issue.message) : `: ${issue.message}`}`];
}

/** Zod's "Invalid input: expected object, received undefined" as a sentence about the field. */
function typeMessage(message: string): string {
  const [, expected, received] = /expected (.+), received (\w+)$/.exec(message) ?? [];
  if (expected === undefined) return `: ${message}`;
  return received === "undefined" ? " is missing" : `: must be ${article(expected)}, not ${article(received ?? "")}`;
}

function article(noun: string): string {
  if (["undefined", "null", "NaN"].includes(noun)) return noun;
  return `${/^[aeiou]/i.test(noun) ? "an" : "a"} ${noun}`;
}

/** What zod says when it has nothing to say. */
const UNTOLD = "Invalid input";

function branchMessages(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly string[] {
  const messages = branches
    .flat()
    .flatMap((one) =>
      one.code === "invalid_union" && one.message === UNTOLD ? branchMessages(one.errors) : [one.message],
    );
  const told = [...new Set(messages)].filter((message) => message !== UNTOLD);
  return told.length === 0 ? [UNTOLD] : told;
}

function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the config";
  return path
    .map((part, index) => (typeof part === "number" ? `[${part}]` : `${index === 0 ? "" : "."}${String(part)}`))
    .join("");
}

/** The keys an object at that path may have, over all branches of unions on the way. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  let here: readonly z.ZodType[] = flat(schema);
  for (const part of path) {
    here = here.flatMap((one) => {
      if (one instanceof z.ZodObject) {
        const next: unknown = one.shape[String(part)];
        return next instanceof z.ZodType ? flat(next) : [];
      }
      return one instanceof z.ZodArray && one.element instanceof z.ZodType ? flat(one.element) : [];
    });
  }
  return [...new Set(here.flatMap((one) => (one instanceof z.ZodObject ? Object.keys(one.shape) : [])))];
}

/** What is left of a schema without its optional and union wrappings. */
function flat(schema: z.ZodType): readonly z.ZodType[] {
  if (schema instanceof z.ZodOptional) {
    const inner: unknown = schema.unwrap();
    return inner instanceof z.ZodType ? flat(inner) : [];
  }
  if (schema instanceof z.ZodUnion)
    return schema.options.flatMap((one: unknown) => (one instanceof z.ZodType ? flat(one) : []));
  return [schema];
}
