import { arch, cpus, loadavg, totalmem } from "node:os";

/** Where and when the figures were taken: they mean nothing without it. */
export function machineFacts(): Readonly<Record<string, string | number>> {
  return {
    node: process.version,
    platform: `${process.platform} ${arch()}`,
    cpus: cpus().length,
    cpu: cpus()[0]?.model ?? "unknown",
    memoryMb: Math.round(totalmem() / 2 ** 20),
    /** Of the last minute: what else the machine was doing when it was asked. */
    loadAverage: Math.round((loadavg()[0] ?? 0) * 100) / 100,
    date: new Date().toISOString(),
  };
}
