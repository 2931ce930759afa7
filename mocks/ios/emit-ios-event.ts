import type { IosEvent } from "../../harness/trace/ios-event.ts";

/** What every part of the simulated iPhone puts its decisions into. Must not throw. */
export type EmitIosEvent = (event: IosEvent) => void;
