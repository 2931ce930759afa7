import { z } from "zod";
import { toldByApp } from "./message-definition.ts";

const callUUID = z.string().describe("iOS: the call's UUID; Android: its connectionId");

/** DEVICE-LINK section 5: what apps of both platforms tell. */
export const sharedMessages = {
  "media.started": toldByApp("Microphone or speaker is in use for the call", { callUUID }),
  "media.stopped": toldByApp("Microphone and speaker are no longer in use for the call", { callUUID }),
  log: toldByApp("A line of the app's log", { level: z.string(), message: z.string() }),
} as const;
