import type { Fault } from "./fault.ts";

/** Every requirement for clients, the fault that breaks it and the plan that shows it. */
export const clientFaults: readonly Fault[] = [];
