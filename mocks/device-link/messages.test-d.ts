import { expectTypeOf, test } from "vitest";
import type { Profile } from "../../harness/trace/run-facts.ts";
import type {
  AppNotification,
  AppRequest,
  AppRequests,
  DeviceMethod,
  HarnessRequests,
  LinkProfile,
} from "./messages.ts";

test("params and results are those of the schemas, read-only", () => {
  expectTypeOf<HarnessRequests["device.launch"]["params"]["platform"]>().toEqualTypeOf<"ios" | "android">();
  expectTypeOf<HarnessRequests["pushRegistry.didReceiveIncomingPush"]["params"]>().toEqualTypeOf<{
    readonly device: string;
    readonly pushId: string;
    readonly type: "voip";
    readonly payload: unknown;
    readonly mustReport?: boolean;
  }>();
  expectTypeOf<HarnessRequests["initialize"]["result"]["platforms"]>().toEqualTypeOf<readonly ("ios" | "android")[]>();
  expectTypeOf<AppRequests["pushRegistry.completion"]["params"]>().toEqualTypeOf<{
    readonly device: string;
    readonly pushId: string;
  }>();
});

test("each direction knows its own methods only", () => {
  expectTypeOf<"initialize">().not.toExtend<DeviceMethod>();
  expectTypeOf<"action.fulfill">().not.toExtend<DeviceMethod>();
  expectTypeOf<AppRequest["method"]>().toEqualTypeOf<keyof AppRequests>();
  expectTypeOf<AppNotification["method"]>().toEqualTypeOf<"log" | "media.started" | "media.stopped">();
});

test("the profile of a run can be told to an app", () => {
  expectTypeOf<Profile>().toExtend<LinkProfile>();
});
