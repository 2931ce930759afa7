import { z } from "zod";
import { anchorTable } from "./anchor-table.ts";
import type { AnchorName } from "./plan.ts";

const phoneRef = z.string().regex(/^phone:[1-9]\d*$/, 'a phone is named "phone:1", "phone:2", ...');
const callRef = z.string().regex(/^call:[1-9]\d*$/, 'a call is named "call:1", "call:2", ...');
const anyRef = z.union([phoneRef, callRef], { error: 'expected "phone:1", "call:1", ...' });

/** A day: longer is a mistyped delay. */
const delayMs = z.number().int().min(0).max(86_400_000);
const count = z.number().int().min(1);

const anchor = z.strictObject({
  on: z.enum(Object.keys(anchorTable) as [AnchorName, ...AnchorName[]]),
  of: anyRef.optional(),
  nth: count.optional(),
});

const anchors = z.array(anchor).min(1);

/** Chosen by its key, so that a message names the field that is wrong and not every alternative. */
const anchorExpression = z.unknown().transform((value, context) => {
  const schema = isKeyed(value, "all")
    ? z.strictObject({ all: anchors })
    : isKeyed(value, "any")
      ? z.strictObject({ any: anchors })
      : anchor;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) context.addIssue({ ...issue, input: value } as never);
  return z.NEVER;
});

function isKeyed(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && key in value;
}

const match = z.strictObject({
  at: anyRef,
  direction: z.enum(["sent", "received"]),
  method: z.string().min(1),
  status: z.number().int().min(100).max(699).optional(),
});

const action = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal(["caller.call", "caller.hang-up"]), call: callRef }),
  z.strictObject({
    kind: z.literal([
      "phone.wake",
      "phone.register",
      "phone.log-out",
      "phone.rotate-token",
      "phone.kill-app",
      "phone.lose-network",
    ]),
    phone: phoneRef,
  }),
  z.strictObject({ kind: z.literal(["user.answer", "user.hang-up"]), phone: phoneRef, call: callRef }),
  z.strictObject({
    kind: z.literal("user.decline"),
    phone: phoneRef,
    call: callRef,
    status: z.literal([480, 486, 603]),
  }),
  z.strictObject({ kind: z.literal(["wire.lose", "wire.duplicate"]), match, count }),
]);

const pushHandling = z.strictObject({
  answer: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal(["accept", "reset"]) }),
    z.strictObject({
      kind: z.literal("status"),
      status: z.number().int().min(200).max(599),
      reason: z.string(),
      unregistered: z.enum(["before-registration", "after-registration"]).optional(),
      retryAfterS: z.number().int().min(0).max(86_400).optional(),
    }),
  ]),
  answerDelayMs: delayMs,
  delivery: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("deliver"), delayMs, copies: z.literal([1, 2]) }),
    z.strictObject({ kind: z.literal("drop") }),
  ]),
});

/** The shape of a plan; what its references point at is checked by `parsePlan`. */
export const planSchema = z.strictObject({
  scenario: z.string().min(1),
  role: z.enum(["server", "client"]),
  transport: z.enum(["udp", "tcp", "tls", "ws"]),
  phones: z
    .array(
      z.strictObject({
        platform: z.enum(["ios", "android"]),
        account: count,
        app: z.enum(["foreground", "background", "suspended", "killed"]),
        signalling: z.enum(["connected", "closed", "silent", "half-dead", "expired", "logged-out"]),
        android: z.strictObject({ doze: z.boolean(), deprioritised: z.boolean() }).optional(),
        pushes: z.array(pushHandling),
      }),
    )
    .min(1),
  calls: z.array(
    z.strictObject({
      caller: z.strictObject({ name: z.string(), number: z.string().min(1) }),
      callee: count,
      video: z.boolean(),
    }),
  ),
  steps: z.array(z.strictObject({ after: anchorExpression, delayMs, do: action })),
});
