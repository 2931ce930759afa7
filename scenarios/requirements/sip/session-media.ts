/** The media streams of a session description in order: kind, port and transport of each m= line (RFC 4566, 5.14). */
export interface MediaStream {
  readonly kind: string;
  readonly port: number;
  readonly transport: string;
}

/** Undefined for what is no session description. */
export function mediaOf(body: Uint8Array): readonly MediaStream[] | undefined {
  const lines = Buffer.from(body).toString("latin1").split(/\r?\n/u);
  if (lines[0] !== "v=0") return undefined;
  const streams: MediaStream[] = [];
  for (const line of lines) {
    if (!line.startsWith("m=")) continue;
    const [kind, port, transport] = line.slice(2).trim().split(/\s+/u);
    if (kind === undefined || port === undefined || transport === undefined || !/^\d+/u.test(port)) return undefined;
    streams.push({ kind, port: Number.parseInt(port, 10), transport });
  }
  return streams;
}
