import { expectTypeOf, test } from "vitest";
import type { AndroidDevice } from "../android/android-device.ts";
import type { IosDevice } from "../ios/ios-device.ts";
import { reactNative, simulatedPhone, type AppLaunch, type SimulatedPhone } from "./index.ts";

test("a phone has the device and the events of its platform", () => {
  expectTypeOf<SimulatedPhone<"ios">["device"]>().toEqualTypeOf<IosDevice>();
  expectTypeOf<SimulatedPhone<"android">["device"]>().toEqualTypeOf<AndroidDevice>();
  const make = async () =>
    await simulatedPhone({
      platform: "ios",
      app: (launch) => expectTypeOf(launch).toEqualTypeOf<AppLaunch>(),
      appDelegate: { payload: { uuid: "/callUUID" }, report: "late" },
      conditions: { doNotDisturb: true },
    });
  type Made = Awaited<ReturnType<typeof make>>;
  expectTypeOf<Made["platform"]>().toEqualTypeOf<"ios">();
  const ended = async (phone: Made) => (await phone.events.until("call.ended")).why;
  expectTypeOf<Awaited<ReturnType<typeof ended>>>().not.toBeAny();
  // @ts-expect-error: Telecom is no part of an iPhone.
  const wrong = async (phone: Made) => await phone.events.until("telecom.refused");
  expectTypeOf(wrong).toBeFunction();
});

test("conditions are those of the platform", () => {
  const make = async () =>
    // @ts-expect-error: Doze is Android's.
    await simulatedPhone({ platform: "ios", app: () => {}, conditions: { doze: true } });
  expectTypeOf(make).toBeFunction();
});

test("the plugin is one that Vite takes", () => {
  expectTypeOf(reactNative()).toExtend<{ readonly name: string }>();
});
