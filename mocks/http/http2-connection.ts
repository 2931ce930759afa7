import { constants, performServerHandshake } from "node:http2";
import { messageOf } from "../../harness/errors.ts";
import { discardGauge } from "./discard-gauge.ts";
import { floodGauge } from "./flood-gauge.ts";
import { FLAG, FRAME } from "./frame.ts";
import { frameTap } from "./frame-tap.ts";
import { http2ErrorName } from "./http2-errors.ts";
import { http2Streams } from "./http2-streams.ts";
import type { HttpConnection, WireNote } from "./http-exchange.ts";
import type { ListenerContext, SecureConnection } from "./listener-context.ts";
import type { LocalPair } from "./local-pairs.ts";
import { outboundWatch } from "./outbound-watch.ts";
import { overdueWatch } from "./overdue.ts";
import { pingGauge } from "./ping-gauge.ts";
import { watchPings } from "./ping-watch.ts";
import { streamAllowance } from "./stream-allowance.ts";
import { tappedSocket } from "./tapped-socket.ts";

/** Streams of one connection that may fail before it is given up. */
const MAX_FAILED_STREAMS = 100;
/** Streams of one connection that may be refused, because it had too many, before it is given up. */
const MAX_REFUSED_STREAMS = 1000;
/** Requests that carry notes and are not complete. */
const MAX_NOTED_REQUESTS = 1000;
/** Of a stream, until the client has the server's SETTINGS (RFC 9113 section 6.9.2). */
const INITIAL_WINDOW_BYTES = 65_535;
/** Turns of the event loop without a write after which nothing more is taken to be queued. */
const QUIET_TURNS = 3;
/** How long a connection that is given up may last, until the client has read why. */
const LINGER_MS = 2000;

/** Speaks HTTP/2 over a TLS connection, by way of a pair of sockets, until it closes; returns what destroys it at once. */
export function serveHttp2(secure: SecureConnection, pair: LocalPair, context: ListenerContext): () => void {
  const { id, socket, remote, tlsVersion, openedAtMs, peerCertificate } = secure;
  const { options, tell } = context;
  const { clock, limits } = options;
  const maxConcurrentStreams = options.settings.maxConcurrentStreams({ hasCertificate: peerCertificate !== undefined });

  let closedBecause: string | undefined;
  let isGoingAway = false;
  /** It failed: what still comes in is thrown away. */
  let isFailed = false;
  let isOver = false;
  /** Why Node's HTTP/2 engine gave the connection up. */
  let engineFailure: string | undefined;
  /** The same, as its error puts it. */
  let errorWords: string | undefined;
  let failedStreams = 0;
  let refusedStreams = 0;
  /** As many as the client knows of. */
  let streamsAtOnce = maxConcurrentStreams;
  /** How many streams were allowed when the first was refused, until that is told. */
  let allowedAtRefusal: number | undefined;
  let nowMs = openedAtMs;
  let frames = 0;
  /** The time for what is incomplete runs. */
  let isTimed = true;
  let endLinger: (() => void) | undefined;
  let writes = 0;
  let endIdle: (() => void) | undefined;
  const requestNotes = new Map<number, WireNote[]>();
  const ownResets = new Set<number>();

  const note = (noted: WireNote) => tell({ kind: "noted", connection, note: noted });
  const flood = floodGauge();
  const discards = discardGauge(Math.max(INITIAL_WINDOW_BYTES, options.settings.initialWindowSize));
  const countPing = pingGauge(limits.pingsPerMinute, note);
  const tap = frameTap({
    neverIndexed: new Set(options.neverIndexed),
    indexedOnce: new Set(options.indexedOnce),
    headerTableSize: options.settings.headerTableSize,
    maxFrameSize: options.settings.maxFrameSize,
    onFrame(type, flags, length, stream) {
      if (type === FRAME.ping && (flags & FLAG.ack) === 0) countPing(nowMs);
      if (type === FRAME.settings && (flags & FLAG.ack) !== 0) allowance.acknowledged();
      const why = flood.count(type, flags, length) ?? discards.count(type, flags, length, stream);
      if (why !== undefined) fail(why, constants.NGHTTP2_ENHANCE_YOUR_CALM);
    },
    onNote: note,
    onRequestNote(stream, noted) {
      const [oldest] = requestNotes.keys();
      if (requestNotes.size >= MAX_NOTED_REQUESTS && oldest !== undefined) requestNotes.delete(oldest);
      requestNotes.set(stream, [...(requestNotes.get(stream) ?? []), noted]);
    },
  });
  const incomplete = overdueWatch<"frame">(limits.requestMs, clock, () => {
    // Held back by this side: the client does not read its answers, which its PINGs will show.
    if (socket.isPaused()) incomplete.begin("frame");
    else fail(frames === 0 ? "the connection preface was not complete in time" : "a frame was not complete in time");
  });
  const watchOutbound = outboundWatch({
    onReset(stream, errorCode) {
      discards.reset(stream);
      if (ownResets.delete(stream)) return;
      if (errorCode === constants.NGHTTP2_REFUSED_STREAM) {
        if (refusedStreams === 0) allowedAtRefusal = streamsAtOnce;
        refusedStreams += 1;
        if (refusedStreams > MAX_REFUSED_STREAMS) fail(`more than ${MAX_REFUSED_STREAMS} streams too many`);
      } else if (errorCode !== constants.NGHTTP2_NO_ERROR && errorCode !== constants.NGHTTP2_CANCEL) {
        streamFailed(`stream ${stream} was reset with ${http2ErrorName(errorCode)}`);
      }
    },
    onGoAway(errorCode, detail) {
      // Node says NO_ERROR when the client closed the connection.
      if (isGoingAway || isFailed || isOver || errorCode === constants.NGHTTP2_NO_ERROR) return;
      engineFailure = `${http2ErrorName(errorCode)}${detail === "" ? "" : `, ${detail}`}`;
      // Without detail an error of the session follows, which has the words.
      if (detail !== "") failed(engineFailure);
      linger();
    },
  });

  const tapped = tappedSocket(socket, pair, { inbound, rest: tap.rest, outbound, written });
  const session = performServerHandshake(tapped.engineSocket, {
    settings: {
      headerTableSize: options.settings.headerTableSize,
      maxConcurrentStreams,
      initialWindowSize: options.settings.initialWindowSize,
      maxFrameSize: options.settings.maxFrameSize,
      maxHeaderListSize: options.settings.maxHeaderListSize,
    },
  });
  const allowance = streamAllowance(session, maxConcurrentStreams);
  const connection: HttpConnection = {
    id,
    protocol: "h2",
    remote,
    tlsVersion,
    openedAtMs,
    ...(peerCertificate === undefined ? {} : { peerCertificate }),
    allowStreams: allowance.wish,
    goAway(data, errorCode = constants.NGHTTP2_NO_ERROR) {
      if (isGoingAway || isFailed || isOver) return;
      isGoingAway = true;
      closedBecause = `GOAWAY with ${http2ErrorName(errorCode)} was sent${data === "" ? "" : `: ${data}`}`;
      session.goaway(errorCode, 0, Buffer.from(data));
      if (streams.open() === 0) linger();
    },
    destroy(why) {
      if (isOver) return;
      closedBecause = why;
      over();
    },
  };
  const streams = http2Streams(
    {
      connection,
      takeNotes(stream) {
        const notes = requestNotes.size === 0 ? undefined : requestNotes.get(stream);
        if (notes === undefined) return NO_NOTES;
        requestNotes.delete(stream);
        return notes;
      },
      willReset: (stream) => void ownResets.add(stream),
      streamFailed,
      overloaded: (why) => fail(why, constants.NGHTTP2_ENHANCE_YOUR_CALM),
      busy: stopIdle,
      quiet() {
        // The engine may still be in the middle of what it read.
        if (allowedAtRefusal !== undefined) setImmediate(tellRefusals);
        if (isGoingAway) linger();
        else startIdle();
      },
    },
    context,
  );
  const endPings = watchPings(session, clock, () => {
    failed("no PING was acknowledged");
    over();
  });

  incomplete.begin("frame");
  startIdle();
  session.on("stream", streams.serve);
  session.on("error", (error) => {
    errorWords ??= messageOf(error);
    // What it wrote before says more, and it may be that nobody reads it.
    linger();
  });
  session.on("goaway", (code) => (closedBecause ??= `the client sent GOAWAY with ${http2ErrorName(code)}`));
  session.on(
    "localSettings",
    ({ maxConcurrentStreams: acknowledged }) => (streamsAtOnce = acknowledged ?? streamsAtOnce),
  );
  session.once("close", over);
  socket.on("error", (error) => (closedBecause ??= `the connection broke: ${messageOf(error)}`));
  tell({ kind: "opened", connection });
  if (socket.errored !== null) closedBecause = `the connection broke: ${messageOf(socket.errored)}`;
  return () => connection.destroy("the listener closed");

  function inbound(chunk: Buffer): readonly Buffer[] {
    if (isFailed) return NOTHING;
    nowMs = clock.now();
    flood.tick(nowMs);
    const passed = tap.take(chunk);
    const isIncomplete = tap.isIncomplete();
    if (!isIncomplete) incomplete.end("frame");
    else if (!isTimed || tap.completed() !== frames) incomplete.begin("frame");
    isTimed = isIncomplete;
    frames = tap.completed();
    return isFailed ? NOTHING : passed;
  }

  function failed(why: string): void {
    if (isFailed || isOver) return;
    isFailed = true;
    closedBecause = `HTTP/2: ${why}`;
    tell({ kind: "failed", connectionId: id, why: closedBecause });
  }

  /** Gives the connection up and tells the client. */
  function fail(why: string, errorCode: number = constants.NGHTTP2_PROTOCOL_ERROR): void {
    if (isFailed || isOver) return;
    failed(why);
    if (!session.destroyed) session.goaway(errorCode, 0, Buffer.from(why));
    linger();
  }

  function streamFailed(why: string): void {
    failedStreams += 1;
    if (failedStreams > MAX_FAILED_STREAMS) fail(`more than ${MAX_FAILED_STREAMS} streams failed; the last: ${why}`);
    else if (!isFailed && !isOver) tell({ kind: "failed", connectionId: id, why: `HTTP/2: ${why}` });
  }

  /** Waits for the end of a burst, to say how much of it was refused. */
  function tellRefusals(): void {
    if (allowedAtRefusal === undefined) return;
    if (!isOver) {
      if (streams.open() > 0 || !tapped.isSeen()) return;
      if (!tapped.isRead()) {
        setImmediate(tellRefusals);
        return;
      }
    }
    const refused = refusedStreams === 1 ? "1 stream" : `${refusedStreams} streams`;
    note({ kind: "streams-refused", detail: `${refused} refused, where ${allowedAtRefusal} at once could be open` });
    allowedAtRefusal = undefined;
  }

  /** Ends what is sent once all of it was written, and the connection with it. */
  function linger(): void {
    if (endLinger !== undefined || isOver) return;
    endLinger = clock.after(LINGER_MS, over);
    tapped.deafen();
    endWhenWritten();
  }

  /** What the engine has queued goes out a turn of the event loop after the write before it was done. */
  function endWhenWritten(quietTurns = 0): void {
    if (isOver || !tapped.isSeen() || socket.writableLength > 0) return;
    if (quietTurns > QUIET_TURNS) {
      socket.end();
      return;
    }
    const before = writes;
    setImmediate(() => endWhenWritten(writes === before ? quietTurns + 1 : 0));
  }

  function outbound(chunk: Buffer): void {
    writes += 1;
    watchOutbound(chunk);
    tellRefusals();
  }

  function written(): void {
    if (endLinger !== undefined) endWhenWritten();
  }

  function startIdle(): void {
    if (limits.idleMs === undefined || isOver) return;
    endIdle = clock.after(limits.idleMs, () => {
      connection.goAway("");
      closedBecause = "nothing happened on the connection for too long";
    });
  }

  function stopIdle(): void {
    endIdle?.();
    endIdle = undefined;
  }

  function over(): void {
    if (isOver) return;
    const why = [...new Set([engineFailure, errorWords])].filter((words) => words !== undefined);
    if (why.length > 0) failed(why.join(": "));
    isOver = true;
    tellRefusals();
    endLinger?.();
    stopIdle();
    endPings();
    incomplete.stop();
    streams.stop();
    tapped.destroy();
    tell({ kind: "closed", connection, why: closedBecause ?? "the client closed the connection" });
  }
}

const NO_NOTES: readonly WireNote[] = [];
const NOTHING: readonly Buffer[] = [];
