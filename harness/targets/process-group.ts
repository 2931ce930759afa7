const ours = new Set<number>();
let isWatching = false;

/** Signals a whole process group, which may be gone already. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nothing is left of it.
  }
}

/**
 * Kills the group when this process exits without having stopped it, which it would outlive. Returns what calls that off.
 * One listener serves all of them.
 */
export function endWithUs(pid: number): () => void {
  if (!isWatching) process.once("exit", () => ours.forEach((group) => signalGroup(group, "SIGKILL")));
  isWatching = true;
  ours.add(pid);
  return () => ours.delete(pid);
}
