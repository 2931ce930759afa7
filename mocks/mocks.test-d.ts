import { expectTypeOf, test } from "vitest";
import {
  createApnsMock,
  createFcmMock,
  type ApnsMock,
  type ApnsMockAnswer,
  type FcmMock,
  type FcmMockAnswer,
  type LoggedFinding,
  type LoggedPush,
  type PushEnd,
} from "./index.ts";

test("both mocks come as promises, with nothing that must be given", () => {
  expectTypeOf(createApnsMock).toBeCallableWith();
  expectTypeOf(createApnsMock()).resolves.toEqualTypeOf<ApnsMock>();
  expectTypeOf(createFcmMock({ projectId: "acme" })).resolves.toEqualTypeOf<FcmMock>();
});

test("what a mock has is readable and not writable", () => {
  expectTypeOf<ApnsMock["pushes"]>().toEqualTypeOf<readonly LoggedPush[]>();
  expectTypeOf<ApnsMock["findings"]>().toEqualTypeOf<readonly LoggedFinding[]>();
  expectTypeOf<ApnsMock["credentials"]["p8Pem"]>().toBeString();
  expectTypeOf<FcmMock["credentials"]["serviceAccount"]["token_uri"]>().toBeString();
  expectTypeOf<LoggedPush["payload"]>().toBeUnknown();
  expectTypeOf<LoggedPush["status"]>().toEqualTypeOf<number | undefined>();
  expectTypeOf<"stored">().toExtend<PushEnd>();
});

test("a mock can be disposed of by `await using`", () => {
  expectTypeOf<ApnsMock>().toExtend<AsyncDisposable>();
  expectTypeOf<FcmMock>().toExtend<AsyncDisposable>();
});

test("each mock takes the answers of its own service alone", () => {
  expectTypeOf<"Unregistered">().toExtend<ApnsMockAnswer>();
  expectTypeOf<{ kind: "goaway"; reason: "Shutdown" }>().toExtend<ApnsMockAnswer>();
  expectTypeOf<{ kind: "status"; status: 410; reason: "Unregistered"; timestampMs: 1 }>().toExtend<ApnsMockAnswer>();
  expectTypeOf<"UNREGISTERED">().toExtend<FcmMockAnswer>();
  expectTypeOf<{ kind: "status"; status: 429; reason: "QUOTA_EXCEEDED"; retryAfterS: 5 }>().toExtend<FcmMockAnswer>();
  expectTypeOf<"UNREGISTERED">().not.toExtend<ApnsMockAnswer>();
  expectTypeOf<"Unregistered">().not.toExtend<FcmMockAnswer>();
  expectTypeOf<{ kind: "goaway"; reason: "Shutdown" }>().not.toExtend<FcmMockAnswer>();
});

test("waiting for a push takes a token and a deadline, or nothing", () => {
  expectTypeOf<ApnsMock["nextPush"]>().toBeCallableWith();
  expectTypeOf<ApnsMock["nextPush"]>().toBeCallableWith({ token: "0a", deadlineMs: 500 });
  expectTypeOf<ApnsMock["nextPush"]>().returns.resolves.toEqualTypeOf<LoggedPush>();
  expectTypeOf<ApnsMock["issueToken"]>().toBeCallableWith({ topic: "com.example.phone.voip", environment: "sandbox" });
  // @ts-expect-error an environment that there is not
  expectTypeOf<ApnsMock["issueToken"]>().toBeCallableWith({ environment: "staging" });
});
