import { z } from "zod";
import { apnsReasons, FIELD_SPELLING } from "../../apns/apns-reason.ts";
import type { ApnsMockAnswer } from "../apns-scripted.ts";
import { fcmErrorStatus, type FcmMockAnswer } from "../fcm-scripted.ts";

const statusCode = z.int().min(200).max(599);
const milliseconds = z.int().min(0).max(86_400_000);
const reasons = apnsReasons.map(({ reason }) => reason);
const reason = z.enum(reasons);
const errorCode = z.enum(Object.keys(fcmErrorStatus) as readonly (keyof typeof fcmErrorStatus)[]);

/** The same shapes as `ApnsMockAnswer`. */
export const apnsAnswerSchema: z.ZodType<ApnsMockAnswer> = z.union([
  reason,
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("status"),
      status: statusCode,
      reason: z.enum([...reasons, FIELD_SPELLING]),
      timestampMs: z.int().exactOptional(),
    }),
    z.strictObject({ kind: z.literal("reset") }),
    z.strictObject({ kind: z.literal("refuse-stream") }),
    z.strictObject({ kind: z.literal("goaway"), reason }),
    z.strictObject({ kind: z.literal("goaway-too-many-streams") }),
    z.strictObject({ kind: z.literal("sticky-429") }),
    z.strictObject({
      kind: z.literal("second-settings"),
      streams: z
        .int()
        .min(0)
        .max(2 ** 31 - 1),
      delayMs: milliseconds,
    }),
    z.strictObject({ kind: z.literal("idle-close") }),
    z.strictObject({ kind: z.literal("delay"), delayMs: milliseconds }),
    z.strictObject({ kind: z.literal("no-answer") }),
  ]),
]);

/** The same shapes as `FcmMockAnswer`. */
export const fcmAnswerSchema: z.ZodType<FcmMockAnswer> = z.union([
  errorCode,
  z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("status"),
      status: statusCode,
      reason: z.string().max(100).exactOptional(),
      retryAfterS: z.int().min(0).exactOptional(),
      delayMs: milliseconds.exactOptional(),
    }),
    z.strictObject({ kind: z.literal("reset") }),
    z.strictObject({ kind: z.literal("delay"), delayMs: milliseconds }),
    z.strictObject({ kind: z.literal("no-answer") }),
  ]),
]);
