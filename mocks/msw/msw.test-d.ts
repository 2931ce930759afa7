import type { setupServer } from "msw/node";
import { expectTypeOf, test } from "vitest";
import type { ApnsMock } from "../standalone/apns-mock.ts";
import type { FcmMock } from "../standalone/fcm-mock.ts";
import {
  apnsHandlers,
  fcmHandlers,
  type ApnsHandlers,
  type ApnsHandlersAnswer,
  type ApnsHandlersOptions,
  type FcmHandlers,
  type FcmHandlersOptions,
  type LoggedPush,
} from "./index.ts";

test("the handlers fit msw", () => {
  expectTypeOf(fcmHandlers).returns.resolves.toEqualTypeOf<FcmHandlers>();
  expectTypeOf(apnsHandlers).returns.resolves.toEqualTypeOf<ApnsHandlers>();
  type Handlers = Parameters<typeof setupServer>;
  expectTypeOf<[...FcmHandlers["handlers"]]>().toExtend<Handlers>();
  expectTypeOf<[...ApnsHandlers["handlers"]]>().toExtend<Handlers>();
});

test("every option may be left out, and none says where to listen", () => {
  expectTypeOf<object>().toExtend<FcmHandlersOptions>();
  expectTypeOf<object>().toExtend<ApnsHandlersOptions>();
  expectTypeOf<FcmHandlersOptions>().not.toHaveProperty("port");
  expectTypeOf<ApnsHandlersOptions>().not.toHaveProperty("bind");
  expectTypeOf<FcmHandlersOptions["calls"]>().toEqualTypeOf<boolean | undefined>();
});

test("FCM is what it is over sockets, but for an address", () => {
  expectTypeOf<Omit<FcmMock, "url" | "host" | "port" | "caPem">>().toEqualTypeOf<Omit<FcmHandlers, "handlers">>();
  expectTypeOf<FcmHandlers>().not.toHaveProperty("url");
  expectTypeOf<FcmHandlers["pushes"]>().toEqualTypeOf<readonly LoggedPush[]>();
  expectTypeOf<FcmHandlers>().toExtend<AsyncDisposable>();
});

test("APNs has nothing that takes a connection", () => {
  expectTypeOf<ApnsHandlers>().not.toHaveProperty("goAway");
  expectTypeOf<ApnsHandlers["credentials"]>().not.toHaveProperty("certificatePem");
  expectTypeOf<ApnsHandlers["issueToken"]>().toEqualTypeOf<ApnsMock["issueToken"]>();
  expectTypeOf<"Unregistered">().toExtend<ApnsHandlersAnswer>();
  expectTypeOf<{ readonly kind: "delay"; readonly delayMs: number }>().toExtend<ApnsHandlersAnswer>();
  expectTypeOf<{ readonly kind: "sticky-429" }>().not.toExtend<ApnsHandlersAnswer>();
});
