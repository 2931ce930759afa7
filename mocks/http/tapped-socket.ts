import { Duplex } from "node:stream";
import type { Socket } from "node:net";

/** Looks at, and may change, what a connection carries. */
export interface SocketTaps {
  /** Takes what came in; returns what goes on in its place. */
  readonly inbound: (chunk: Buffer) => readonly Buffer[];
  /** What goes on after the last byte that came in. */
  readonly rest: () => readonly Buffer[];
  /** Sees what goes out, before it does. */
  readonly outbound: (chunk: Buffer) => void;
  /** What went out last was written. */
  readonly written: () => void;
}

/** A connection with taps. It lives and dies with `socket`, and holds it back where its reader falls behind. */
export function tappedSocket(socket: Socket, taps: SocketTaps): Duplex {
  const tapped = new Duplex({
    read: () => void socket.resume(),
    write(chunk: Buffer, _encoding, done) {
      send([chunk], done);
    },
    writev: (chunks, done) =>
      send(
        chunks.map(({ chunk }) => chunk as Buffer),
        done,
      ),
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  function send(chunks: readonly Buffer[], done: () => void): void {
    // Ended on this side already: what comes now has nowhere to go.
    if (socket.writableEnded) {
      done();
      return;
    }
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    taps.outbound(bytes);
    // A broken connection shows by its closing.
    socket.write(bytes, () => {
      done();
      taps.written();
    });
  }
  const passOn = (chunks: readonly Buffer[]) => {
    for (const chunk of chunks) {
      if (!tapped.push(chunk)) socket.pause();
    }
  };
  socket.on("data", (chunk: Buffer) => passOn(taps.inbound(chunk)));
  socket.once("end", () => {
    passOn(taps.rest());
    tapped.push(null);
  });
  socket.once("close", () => tapped.destroy());
  return tapped;
}
