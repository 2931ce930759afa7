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

const phoneSettings = z.strictObject({
  osVersion: z.string().optional(),
  doNotDisturb: z.boolean().optional(),
  blocksCallers: z.boolean().optional(),
  audioHeld: z.boolean().optional(),
  locked: z.boolean().optional(),
  postNotifications: z.boolean().optional(),
  fullScreenIntent: z.boolean().optional(),
  manageOwnCalls: z.boolean().optional(),
  otherCall: z.enum(["none", "holdable", "unholdable", "emergency"]).optional(),
});

const through = z.enum(["notification", "telecom"]).optional();

const action = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal(["caller.call", "caller.fork", "caller.options"]), call: callRef }),
  z.strictObject({
    kind: z.literal("caller.hang-up"),
    call: callRef,
    form: z.enum(["plain", "completed-elsewhere", "answered-elsewhere", "declined-elsewhere"]).optional(),
  }),
  z.strictObject({ kind: z.literal("caller.reinvite"), call: callRef, hold: z.boolean() }),
  z.strictObject({
    kind: z.literal("push.send"),
    phone: phoneRef,
    call: callRef,
    form: z.enum(["whole", "no-keys", "not-an-object", "bad-uuid", "no-caller", "not-obliged", "cancel"]).optional(),
    priority: z.enum(["high", "normal"]).optional(),
  }),
  z.strictObject({
    kind: z.literal("registrar.answer"),
    phone: phoneRef,
    answer: z.literal(["accept", "hold", "silence", 403, 503]),
  }),
  z.strictObject({
    kind: z.literal([
      "phone.wake",
      "phone.register",
      "phone.log-out",
      "phone.log-in",
      "phone.rotate-token",
      "phone.invalidate-token",
      "phone.kill-app",
      "phone.remove-task",
      "phone.background",
      "phone.suspend",
      "phone.lose-network",
      "phone.regain-network",
      "phone.change-network",
      "phone.reset-provider",
    ]),
    phone: phoneRef,
  }),
  z.strictObject({ kind: z.literal("phone.change"), phone: phoneRef, settings: phoneSettings }),
  z.strictObject({
    kind: z.literal("user.answer"),
    phone: phoneRef,
    call: callRef,
    others: z.enum(["end", "hold"]).optional(),
    through,
  }),
  z.strictObject({
    kind: z.literal("user.decline"),
    phone: phoneRef,
    call: callRef,
    status: z.literal([480, 486, 603]).optional(),
    through,
  }),
  z.strictObject({ kind: z.literal("user.hang-up"), phone: phoneRef, call: callRef }),
  z.strictObject({ kind: z.literal("user.hold"), phone: phoneRef, call: callRef, onHold: z.boolean() }),
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
        settings: phoneSettings.optional(),
        pushes: z.array(pushHandling),
      }),
    )
    .min(1),
  calls: z.array(
    z.strictObject({
      caller: z.strictObject({ name: z.string(), number: z.string().min(1) }),
      callee: count,
      video: z.boolean(),
      invite: z
        .strictObject({
          delayedOffer: z.boolean().optional(),
          reliable: z.boolean().optional(),
          withoutKey: z.boolean().optional(),
        })
        .optional(),
    }),
  ),
  steps: z.array(z.strictObject({ after: anchorExpression, delayMs, do: action })),
});
