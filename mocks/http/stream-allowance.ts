import type { ServerHttp2Session } from "node:http2";

/** How many streams a client may have at once, as it changes. */
export interface StreamAllowance {
  readonly wish: (count: number) => void;
  /** The client acknowledged SETTINGS. The wire tells that sooner than the session, which may have yet to read it. */
  readonly acknowledged: () => void;
}

/**
 * Sends SETTINGS_MAX_CONCURRENT_STREAMS: the newest wish, and only while no SETTINGS is without acknowledgement. Node gives a
 * session up when too many of them are.
 */
export function streamAllowance(session: ServerHttp2Session, initially: number): StreamAllowance {
  let [wished, sent] = [initially, initially];
  // Those that every connection begins with.
  let isPending = true;
  const settle = () => {
    if (wished === sent || isPending || session.destroyed || session.closed) return;
    sent = wished;
    isPending = true;
    session.settings({ maxConcurrentStreams: wished });
  };
  return {
    wish(count) {
      wished = count;
      settle();
    },
    acknowledged() {
      isPending = false;
      settle();
    },
  };
}
