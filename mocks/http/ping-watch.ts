import type { ServerHttp2Session } from "node:http2";
import type { Clock } from "../../harness/clock/clock.ts";

const PERIOD_MS = 30_000;

/**
 * Calls back once when the other end of a session stopped taking part: it leaves a PING (RFC 9113 section 6.7) without
 * acknowledgement for a whole period. Returns what ends the watch.
 */
export function watchPings(session: ServerHttp2Session, clock: Clock, onDead: () => void): () => void {
  let acknowledged = true;
  let cancel = clock.after(PERIOD_MS, look);
  function look(): void {
    if (!acknowledged) {
      onDead();
      return;
    }
    acknowledged = false;
    // One that is over waits for the other end to take the last of it.
    if (!session.destroyed) {
      session.ping((error) => {
        acknowledged = error === null;
      });
    }
    cancel = clock.after(PERIOD_MS, look);
  }
  return () => cancel();
}
