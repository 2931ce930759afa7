import type { Socket } from "node:net";
import type { LocalPair } from "./local-pairs.ts";

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

/** A connection with taps. */
export interface TappedSocket {
  /** For Node's HTTP/2 engine. It lives and dies with the connection. */
  readonly engineSocket: Socket;
  /** Whether all that the engine wrote was seen. */
  readonly isSeen: () => boolean;
  /** Whether the engine has read all that it will read for now. */
  readonly isRead: () => boolean;
  /** What still comes in is thrown away: the engine, which has said its last, would not read it. */
  readonly deafen: () => void;
  /** Ends all of it at once. */
  readonly destroy: () => void;
}

/** Under way to the engine at a time, as much as a TLS record brings: the taps run no further ahead, whatever the system would buffer. */
const MAX_UNDER_WAY_BYTES = 16_384;
/** Turns of the event loop in which the engine neither read nor wrote, after which it has done all it will. */
const QUIET_TURNS = 8;

/**
 * Puts taps between a connection and one end of a pair of sockets, the other end of which is the engine's: on a stream in JavaScript
 * each piece of each frame costs it a buffer of its own. A client that does not read holds the engine back, and an engine that does not
 * read the client. What the client sent before it went away still reaches the engine.
 */
export function tappedSocket(socket: Socket, { near, far }: LocalPair, taps: SocketTaps): TappedSocket {
  const held: Buffer[] = [];
  let sentBytes = 0;
  let seenBytes = 0;
  let isLooking = false;
  /** Nothing comes in any more. */
  let isEnded = false;
  /** The engine hears nothing any more. */
  let isDeaf = false;
  /** The engine says nothing any more either. */
  let isOver = false;
  const isSeen = () => far.bytesWritten === seenBytes;
  const underWayBytes = () => sentBytes - far.bytesRead;

  socket.on("data", (chunk: Buffer) => {
    held.push(...taps.inbound(chunk));
    passOn();
  });
  socket.once("end", ended);

  function ended(): void {
    if (isEnded) return;
    isEnded = true;
    held.push(...taps.rest());
    passOn();
  }

  function passOn(): void {
    if (isDeaf) held.length = 0;
    for (let next = held[0]; next !== undefined && mayPass(next); next = held[0]) {
      held.shift();
      sentBytes += next.length;
      near.write(next);
    }
    if (held.length > 0) socket.pause();
    else if (!isEnded) socket.resume();
    // The engine would take the end together with what came last, and answer none of it.
    else if (isDeaf || underWayBytes() === 0) near.end();
    if (!isDeaf && (held.length > 0 || isEnded)) look();
  }

  function mayPass({ length }: Buffer): boolean {
    const bytes = underWayBytes();
    return !near.isPaused() && (bytes === 0 || bytes + length <= MAX_UNDER_WAY_BYTES);
  }

  /** The engine reads nothing while a write of its own is under way. When that was seen is soon enough to look again. */
  function look(): void {
    if (isLooking || near.isPaused() || near.writableEnded || !isSeen()) return;
    isLooking = true;
    setImmediate(() => {
      isLooking = false;
      passOn();
    });
  }

  near.on("data", (chunk: Buffer) => {
    seenBytes += chunk.length;
    taps.outbound(chunk);
    // Ended on this side already, it has nowhere to go. A broken connection shows by its closing.
    if (socket.writable && !socket.write(chunk, taps.written)) near.pause();
    if (held.length > 0 || isEnded) passOn();
  });
  socket.on("drain", () => {
    near.resume();
    passOn();
  });
  near.once("end", over);
  near.once("close", over);

  function over(): void {
    isOver = true;
    isDeaf = true;
    socket.end();
    passOn();
    letGo();
  }

  // The engine destroys its end a turn after its last write, when that may still be under way. It is destroyed once all has gone out,
  // and only then says the engine that it is over.
  const destroyFar = far.destroy.bind(far);
  let destroyed: { readonly error: Error | undefined } | undefined;
  far.destroy = (error) => {
    destroyed ??= { error };
    letGo();
    return far;
  };
  function letGo(): void {
    if (destroyed !== undefined && isOver && (isEnded || socket.writableFinished)) destroyFar(destroyed.error);
  }
  function gone(): void {
    near.resume();
    ended();
    leave();
  }
  function leave(quietTurns = 0): void {
    passOn();
    if (isOver || quietTurns === QUIET_TURNS) {
      destroy();
      return;
    }
    const before = far.bytesRead + seenBytes;
    setImmediate(() => leave(far.bytesRead + seenBytes === before ? quietTurns + 1 : 0));
  }
  function destroy(): void {
    isOver = true;
    isDeaf = true;
    socket.destroy();
    near.destroy();
    destroyFar();
  }
  socket.once("finish", letGo);
  if (socket.closed) gone();
  else socket.once("close", gone);

  return {
    engineSocket: far,
    isSeen,
    isRead: () => isDeaf || near.isPaused() || (held.length === 0 && underWayBytes() === 0),
    deafen() {
      isDeaf = true;
      passOn();
    },
    destroy,
  };
}
