import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { type CallerEvent, callerAgent } from "./caller-agent.ts";
import { phoneAgent, type IncomingCallEvent } from "./phone-agent.ts";
import { sdpOffer } from "./sdp.ts";
import { tappedSocket } from "./tapped-socket.ts";
import { answerTo, requestTo } from "./testing/scripted-target.ts";
import { parseMessage } from "../../harness/wire/parse-message.ts";
import type { SipRequest } from "../../harness/wire/sip-message.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] }));
afterEach(() => void vi.useRealTimers());

/** A socket whose wire is this list: time is all there is to it. */
function still(transport: "udp" | "tcp") {
  const target = { host: "192.0.2.1", port: 5060 };
  const written: { readonly atMs: number; readonly text: string; readonly retransmission: boolean }[] = [];
  let nowMs = 0;
  const { socket, arrived } = tappedSocket(
    transport,
    { host: "192.0.2.2", port: 4000 },
    {
      target,
      flow: "still",
      tap: ({ direction, bytes, retransmission }) => {
        if (direction === "out") written.push({ atMs: nowMs, text: Buffer.from(bytes).toString(), retransmission });
      },
    },
    { write: () => {}, end: () => Promise.resolve(), reset: () => {} },
  );
  onTestFinished(() => socket.close());
  return {
    socket,
    written,
    pass: (ms: number): void => {
      for (const until = nowMs + ms; nowMs < until;) {
        nowMs += 100;
        vi.advanceTimersByTime(100);
      }
    },
    read: (text: string) => arrived(Buffer.from(text), target),
    times: (startsWith: string) => written.filter((seen) => seen.text.startsWith(startsWith)).map((seen) => seen.atMs),
    last: (): SipRequest => {
      const message = parseMessage(Buffer.from(written.at(-1)?.text ?? ""));
      if (message.kind !== "request") throw new Error("no request was written");
      return message;
    },
  };
}

function calling(transport: "udp" | "tcp") {
  const wire = still(transport);
  const events: CallerEvent[] = [];
  const faults: string[] = [];
  const caller = callerAgent({
    socket: wire.socket,
    uri: "sip:alice@example.test",
    displayName: "",
    onEvent: (event) => events.push(event),
    onFault: (message) => faults.push(message),
  });
  onTestFinished(() => caller.dispose());
  caller.invite({ to: "sip:bob@example.test", callId: "c", sdp: sdpOffer() });
  return { ...wire, caller, events, faults };
}

describe("time in a call", () => {
  test("an INVITE over UDP is written at T1 doubling until timer B ends it (17.1.1.2)", () => {
    const { pass, times, events } = calling("udp");
    pass(33_000);
    expect(times("INVITE")).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(events).toEqual([{ kind: "failed", why: "timeout" }]);
  });

  test("an INVITE over TCP is written once and times out just so", () => {
    const { pass, times, events } = calling("tcp");
    pass(33_000);
    expect(times("INVITE")).toEqual([0]);
    expect(events).toEqual([{ kind: "failed", why: "timeout" }]);
  });

  test("an INVITE that got a provisional response is not written again, and may ring for minutes", () => {
    const { pass, times, events, last, read } = calling("udp");
    read(answerTo(last(), "180 Ringing"));
    pass(200_000);
    expect(times("INVITE")).toEqual([0]);
    expect(events.map((event) => event.kind)).toEqual(["ringing"]);
  });

  test("a cancelled call without a final response ends 64*T1 after the CANCEL (9.1)", () => {
    const { pass, last, read, caller, events } = calling("udp");
    read(answerTo(last(), "180 Ringing"));
    caller.cancel();
    expect(last().method).toBe("CANCEL");
    read(answerTo(last(), "200 OK"));
    pass(31_900);
    expect(events.map((event) => event.kind)).toEqual(["ringing"]);
    pass(200);
    expect(events.at(-1)).toEqual({ kind: "failed", why: "timeout" });
  });

  test("what an event listener throws is reported as our fault, also out of a timer", () => {
    const wire = still("udp");
    const faults: string[] = [];
    const caller = callerAgent({
      socket: wire.socket,
      uri: "sip:alice@example.test",
      displayName: "",
      onEvent: () => {
        throw new TypeError("listener broke");
      },
      onFault: (message) => faults.push(message),
    });
    onTestFinished(() => caller.dispose());
    caller.invite({ to: "sip:bob@example.test", callId: "c", sdp: "" });
    wire.read(answerTo(wire.last(), "486 Busy Here"));
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain("listener broke");
  });
});

describe("time at a phone", () => {
  const invite = (contact = ""): string =>
    requestTo(contact, "INVITE", { branch: "z9hG4bK1", from: "<sip:a@x>;tag=a", to: "<sip:b@x>", callId: "c" });

  function ringing(transport: "udp" | "tcp") {
    const wire = still(transport);
    const events: IncomingCallEvent[] = [];
    const phone = phoneAgent({
      aor: "sip:bob@example.test",
      onInvite: (call) => {
        call.listen((event) => events.push(event));
        calls.push(call);
      },
      onFault: (message) => expect.unreachable(message),
    });
    const calls: Parameters<Parameters<typeof phoneAgent>[0]["onInvite"]>[0][] = [];
    phone.connect(wire.socket);
    onTestFinished(() => phone.dispose());
    return { ...wire, phone, calls, events };
  }

  test("a REGISTER over UDP is written at T1 doubling to T2 until timer F ends it (17.1.2.2)", async () => {
    const { phone, pass, times, written } = ringing("udp");
    const outcome = phone.register({ expiresS: 60 });
    pass(33_000);
    const every = [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500];
    expect(times("REGISTER")).toEqual(every);
    expect(written.map((seen) => seen.retransmission)).toEqual(every.map((atMs) => atMs > 0));
    expect(await outcome).toEqual({ kind: "timeout" });
  });

  test.each(["udp", "tcp"] as const)(
    "a 2xx over %s that nobody acknowledges is written until 64*T1, then hung up (13.3.1.4)",
    (transport) => {
      const { phone, calls, read, pass, times, events } = ringing(transport);
      read(invite(phone.contact()));
      calls[0]?.answer(sdpOffer());
      pass(33_000);
      expect(times("SIP/2.0 200")).toEqual([
        0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500,
      ]);
      expect(times("BYE")[0]).toBe(32_000);
      expect(events).toEqual([{ kind: "unacknowledged" }]);
    },
  );

  test("a rejection is written again over UDP and not over TCP (17.2.1)", () => {
    for (const [transport, times] of [
      ["udp", [0, 500, 1_500, 3_500]],
      ["tcp", [0]],
    ] as const) {
      const wire = ringing(transport);
      wire.read(invite(wire.phone.contact()));
      wire.calls[0]?.reject(486);
      wire.pass(4_000);
      expect(wire.times("SIP/2.0 486")).toEqual(times);
      wire.phone.dispose();
    }
  });

  test("a disposed phone writes nothing more, whatever is asked of it", async () => {
    const { phone, calls, read, pass, written } = ringing("udp");
    read(invite(phone.contact()));
    void phone.register({ expiresS: 60 });
    const before = written.length;
    phone.dispose();
    expect([calls[0]?.ring(), calls[0]?.answer(sdpOffer()), calls[0]?.bye()]).toEqual([false, false, false]);
    expect(await phone.register({ expiresS: 60 })).toEqual({ kind: "flow-closed" });
    pass(40_000);
    expect(written.length).toBe(before);
    expect(vi.getTimerCount()).toBe(0);
  });
});
