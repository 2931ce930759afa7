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
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  let chunks: Buffer[] = [];
  let callbacks: (() => void)[] = [];
  let isCorked = false;

  // Node's engine writes one piece after the other, three for an answer, and has one write under way at a time. The buffering
  // of a Duplex would be the most work of all that is done with them.
  tapped.cork = () => void (isCorked = true);
  tapped.uncork = () => {
    isCorked = false;
    send();
  };
  tapped.write = ((chunk: Buffer, done: () => void) => {
    chunks.push(chunk);
    callbacks.push(done);
    if (!isCorked) send();
    return true;
  }) as Duplex["write"];

  function send(): void {
    if (chunks.length === 0) return;
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    const done = callbacks;
    chunks = [];
    callbacks = [];
    // Ended on this side already: what comes now has nowhere to go.
    if (socket.writableEnded) {
      for (const callback of done) callback();
      return;
    }
    taps.outbound(bytes);
    // A broken connection shows by its closing.
    socket.write(bytes, () => {
      for (const callback of done) callback();
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
