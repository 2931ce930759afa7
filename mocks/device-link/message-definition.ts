import { z } from "zod";
import type { Platform } from "../../harness/trace/trace-event.ts";

/** One method of the device link. Members its schemas do not name are ignored by both sides. */
export interface MessageDefinition {
  /** Who sends it. */
  readonly from: "harness" | "app";
  readonly kind: "request" | "notification";
  /** Absent: both. */
  readonly platform?: Platform;
  /** What it means, in a few words. */
  readonly title: string;
  readonly params: z.ZodObject;
  /** Of a request; a notification has none. */
  readonly result?: z.ZodObject;
}

/** What most requests are answered with: `{}`. */
export const nothing = z.object({});

const device = z.string().min(1).describe("The simulated device it is about");

/** A request of RingTrue's about one device. */
export function toApp<Shape extends z.ZodRawShape>(title: string, shape: Shape) {
  return {
    from: "harness",
    kind: "request",
    title,
    params: z.object({ device, ...shape }),
    result: nothing,
  } as const;
}

/** A request of the app's about one device. */
export function fromApp<Shape extends z.ZodRawShape>(title: string, shape: Shape) {
  return {
    from: "app",
    kind: "request",
    title,
    params: z.object({ device, ...shape }),
    result: nothing,
  } as const;
}

/** A notification of the app's about one device. */
export function toldByApp<Shape extends z.ZodRawShape>(title: string, shape: Shape) {
  return { from: "app", kind: "notification", title, params: z.object({ device, ...shape }) } as const;
}

/** Every definition of a table, for one platform only. */
export function onlyOn<P extends Platform, Table extends Readonly<Record<string, object>>>(
  platform: P,
  table: Table,
): { readonly [Method in keyof Table]: Table[Method] & { readonly platform: P } } {
  const entries = Object.entries(table).map(([method, definition]) => [method, { ...definition, platform }]);
  return Object.fromEntries(entries) as { [Method in keyof Table]: Table[Method] & { readonly platform: P } };
}
