/** The numbers of a simulated Android phone, which `os` of the config may change. */
export interface PowerNumbers {
  /**
   * How long a message of normal priority waits in Doze at most, until a maintenance window lets it through. Real phones take
   * longer the longer they lie; none of it is published. Unverified.
   *
   * @default 300_000
   */
  readonly dozeMaintenanceWindowMs: number;
  /**
   * How long after a high priority message the app may run and use the network, Doze or not; what else is sent to it then comes
   * through. Google gives its handler "several seconds". Unverified.
   *
   * @default 10_000
   */
  readonly highPriorityWindowMs: number;
}

const defaults: PowerNumbers = { dozeMaintenanceWindowMs: 300_000, highPriorityWindowMs: 10_000 };

export function powerNumbers(os: Readonly<Record<string, number>>): PowerNumbers {
  const { dozeMaintenanceWindowMs, highPriorityWindowMs } = { ...defaults, ...os };
  return { dozeMaintenanceWindowMs, highPriorityWindowMs };
}
