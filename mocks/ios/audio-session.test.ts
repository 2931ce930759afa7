import { describe, expect, test } from "vitest";
import { testIphone, uuids, type TestIphone, type TestIphoneOptions } from "./testing/test-iphone.ts";

const [uuid, other] = uuids;

async function answered(options: TestIphoneOptions = {}): Promise<TestIphone> {
  const phone = await testIphone(options);
  phone.device.foreground();
  answer(phone, uuid);
  return phone;
}

function answer(phone: TestIphone, callUUID: string): void {
  phone.ask("provider.reportNewIncomingCall", { uuid: callUUID, update: {} });
  phone.device.user.answer(callUUID);
}

const fulfil = (phone: TestIphone, type: string) => phone.ask("action.fulfill", { actionId: phone.actionId(type) });
const audio = (phone: TestIphone) => phone.news().filter((kind) => String(kind).startsWith("audio."));

describe("the audio session of the simulated iPhone", () => {
  test("is activated some time after the answer is fulfilled, and never before", async () => {
    const phone = await answered();
    phone.clock.advance(50_000);
    expect(audio(phone)).toEqual([]);
    fulfil(phone, "answer");
    phone.clock.advance(99);
    expect(audio(phone)).toEqual([]);
    phone.clock.advance(1);
    expect(audio(phone)).toEqual(["audio.activated"]);
    expect(phone.requests().at(-1)).toBe("provider.didActivateAudioSession");
  });

  test("is not activated for a call that ended first", async () => {
    const phone = await answered();
    fulfil(phone, "answer");
    phone.ask("provider.reportCallEnded", { uuid, reason: "remoteEnded" });
    phone.clock.advance(1000);
    expect(audio(phone)).toEqual([]);
  });

  test("is deactivated when the last call has ended, and not by one of two", async () => {
    const phone = await answered();
    fulfil(phone, "answer");
    phone.clock.advance(100);
    answer(phone, other);
    fulfil(phone, "setHeld");
    expect(audio(phone)).toEqual(["audio.activated", "audio.deactivated"]);
    fulfil(phone, "answer");
    phone.clock.advance(100);
    phone.device.user.setHeld(uuid, false);
    fulfil(phone, "setHeld");
    phone.ask("provider.reportCallEnded", { uuid: other, reason: "remoteEnded" });
    expect(audio(phone)).toEqual(["audio.activated"]);
    phone.ask("provider.reportCallEnded", { uuid, reason: "remoteEnded" });
    expect(audio(phone)).toEqual(["audio.deactivated"]);
  });

  test("comes back with the call that is taken off hold", async () => {
    const phone = await answered();
    fulfil(phone, "answer");
    phone.clock.advance(100);
    phone.device.user.setHeld(uuid, true);
    fulfil(phone, "setHeld");
    phone.device.user.setHeld(uuid, false);
    fulfil(phone, "setHeld");
    phone.clock.advance(100);
    expect(audio(phone)).toEqual(["audio.activated", "audio.deactivated", "audio.activated"]);
  });

  test("is activated for an outgoing call whose start is fulfilled", async () => {
    const phone = await testIphone();
    phone.device.foreground();
    phone.device.user.start(uuid);
    fulfil(phone, "start");
    phone.clock.advance(100);
    expect(audio(phone)).toEqual(["audio.activated"]);
  });

  test("is never activated where something else holds it", async () => {
    const phone = await answered({ conditions: { activatesAudio: false } });
    fulfil(phone, "answer");
    phone.clock.advance(10_000);
    expect(audio(phone)).toEqual([]);
  });

  test("is over without a word when the process dies", async () => {
    const phone = await answered();
    fulfil(phone, "answer");
    phone.clock.advance(100);
    phone.requests();
    phone.device.terminate("out of memory");
    expect(audio(phone)).toEqual(["audio.activated", "audio.deactivated"]);
    expect(phone.requests()).toEqual(["device.terminate"]);
  });

  test("stands beside what the app says of its media", async () => {
    const phone = await answered();
    phone.tell("media.started", { callUUID: uuid.toUpperCase() });
    fulfil(phone, "answer");
    phone.clock.advance(100);
    phone.tell("media.started", { callUUID: uuid });
    phone.ask("provider.reportCallEnded", { uuid, reason: "remoteEnded" });
    phone.tell("media.stopped", { callUUID: uuid });
    expect(phone.events.filter(({ kind }) => kind.startsWith("media."))).toEqual([
      { kind: "media.started", callUUID: uuid, audio: "inactive", callState: "answering" },
      { kind: "media.started", callUUID: uuid, audio: "active", callState: "connected" },
      { kind: "media.stopped", callUUID: uuid, audio: "inactive", callState: "none" },
    ]);
  });
});
