import { parentPort, workerData } from "node:worker_threads";
import { installSimulatedTime } from "../../harness/clock/simulated-time.ts";
import type { WorkerStart } from "./worker-messages.ts";

/*
 * The entry of a thread in virtual time. Its time is replaced before anything else is loaded: a module that keeps a timer function of its
 * own must find the simulated one.
 */
const start = workerData as WorkerStart;
const time = installSimulatedTime(start.epochMs);
const { serveCases } = await import("./serve-cases.ts");
await serveCases(start, time, parentPort!);
