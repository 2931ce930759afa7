import type { AndroidEvent } from "../../harness/trace/android-event.ts";

/** What every part of the simulated phone puts its decisions into. Must not throw. */
export type EmitAndroidEvent = (event: AndroidEvent) => void;
