/** What one part measured. Every part has these three; what else it has says itself what it is. */
export interface Figures {
  readonly value: number;
  readonly unit: string;
  /** `value` over what it is measured beside; null when that could not be measured. */
  readonly ratio: number | null;
  /** Why they are not good enough, where that does not depend on the machine; the exit code is 1 then. */
  readonly failed?: string;
}

/** What a part is run with. */
export interface PartContext {
  /** A short version is asked for: figures of less worth, or less of a proof. */
  readonly isQuick: boolean;
  /** How many pushes memory is watched over, where that is given. */
  readonly pushes?: number;
  /** Aborts on Ctrl-C; a part then closes all it opened and throws. */
  readonly signal: AbortSignal;
  /** One line for who waits. */
  readonly say: (line: string) => void;
  /** Notes why something is null in the figures. */
  readonly missing: (what: string, why: string) => void;
}

export function ratioOf(value: number, beside: number | null): number | null {
  return beside === null ? null : Math.round((value / beside) * 1000) / 1000;
}
