import { setTimeout as wait } from "node:timers/promises";
import { HarnessFault } from "../harness/errors.ts";
import { callerAgent } from "../mocks/sip/caller-agent.ts";
import { phoneAgent } from "../mocks/sip/phone-agent.ts";
import { sdpAnswer, sdpOffer } from "../mocks/sip/sdp.ts";
import type { SipSocket, WireMessage } from "../mocks/sip/sip-socket.ts";
import { openUdpSocket } from "../mocks/sip/udp-socket.ts";

/** Calls under way at any time, each between a caller and a phone with a UDP port of its own. */
const CONCURRENT = 50;
const WARM_UP_MS = 1_000;
const WINDOW_MS = 2_000;

interface Tally {
  completed: number;
  retransmissions: number;
  trouble: string | undefined;
}

/**
 * Full calls per second (INVITE 180 200 ACK BYE 200) between callers and phones of `mocks/sip` in this process, over loopback, for two
 * seconds. Every call has new agents, as every case of a run has. Undefined when anything had to be sent twice.
 *
 * @throws HarnessFault when a call fails.
 */
export async function ownCallsPerSecond(signal: AbortSignal): Promise<number | undefined> {
  const tally: Tally = { completed: 0, retransmissions: 0, trouble: undefined };
  const lanes: Lane[] = [];
  try {
    for (let number = 1; number <= CONCURRENT; number += 1) lanes.push(await openLane(number, tally));
    for (const lane of lanes) lane.start();
    await wait(WARM_UP_MS, undefined, { signal });
    const before = tally.completed;
    const startMs = performance.now();
    await wait(WINDOW_MS, undefined, { signal });
    const perSecond = (tally.completed - before) / ((performance.now() - startMs) / 1000);
    if (tally.trouble !== undefined) throw new HarnessFault("bench-call-failed", tally.trouble);
    return tally.retransmissions === 0 ? Math.round(perSecond) : undefined;
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

/** One caller's and one phone's socket, on which call follows call. */
interface Lane {
  start(): void;
  close(): Promise<void>;
}

async function openLane(number: number, tally: Tally): Promise<Lane> {
  const offer = sdpOffer();
  let byeAnswered = (): void => {};
  let endCall = (): void => {};
  let closed = false;
  let calls = 0;

  const count = ({ retransmission }: WireMessage): void => {
    if (retransmission) tally.retransmissions += 1;
  };
  const phoneSocket = await openUdpSocket({ target: NOBODY, flow: `phone ${number}`, tap: count });
  const callerSocket: SipSocket = await openUdpSocket({
    target: phoneSocket.local,
    flow: `caller ${number}`,
    tap(message) {
      count(message);
      if (message.direction === "in" && isByeAnswer(message.bytes)) byeAnswered();
    },
  });
  const trouble = (what: string): void => {
    tally.trouble ??= what;
  };

  function start(): void {
    if (closed) return;
    calls += 1;
    const phone = phoneAgent({
      aor: "sip:bob@example.test",
      onInvite(call) {
        call.ring();
        call.answer(sdpAnswer(Buffer.from(call.invite.body).toString()));
      },
      onFault: trouble,
    });
    phone.connect(phoneSocket);
    const caller = callerAgent({
      socket: callerSocket,
      uri: "sip:alice@example.test",
      displayName: "Alice Liddell",
      onEvent(event) {
        if (event.kind === "answered") caller.hangUp();
        else if (event.kind === "rejected" || event.kind === "failed") trouble(`a call was ${event.kind}`);
      },
      onFault: trouble,
    });
    endCall = () => {
      caller.dispose();
      phone.dispose();
    };
    // The tap hears of it before the caller does.
    byeAnswered = () =>
      void setImmediate(() => {
        endCall();
        tally.completed += 1;
        start();
      });
    caller.invite({ to: "sip:bob@example.test", callId: `${number}-${calls}@example.test`, sdp: offer });
  }

  return {
    start,
    async close() {
      closed = true;
      endCall();
      await Promise.all([phoneSocket.close(), callerSocket.close()]);
    },
  };
}

/** The discard port: the phones start nothing themselves. */
const NOBODY = { host: "127.0.0.1", port: 9 };

function isByeAnswer(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes("\r\nCSeq: 2 BYE\r\n");
}
