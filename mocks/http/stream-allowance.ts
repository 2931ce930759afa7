import type { ServerHttp2Session } from "node:http2";

/**
 * Sends SETTINGS_MAX_CONCURRENT_STREAMS: the newest wish, and only while no SETTINGS is without acknowledgement. Node gives a
 * session up when too many of them are.
 */
export function streamAllowance(session: ServerHttp2Session, initially: number): (count: number) => void {
  let [wished, sent] = [initially, initially];
  const settle = () => {
    if (wished === sent || session.pendingSettingsAck || session.destroyed || session.closed) return;
    sent = wished;
    session.settings({ maxConcurrentStreams: wished });
  };
  session.on("localSettings", settle);
  return (count) => {
    wished = count;
    settle();
  };
}
