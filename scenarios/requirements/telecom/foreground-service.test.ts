import { describe, expect, test } from "vitest";
import { foregroundService } from "./foreground-service.ts";
import { call, phone, ringing, wholeCall } from "./testing/android-ladder.ts";

function answered() {
  const t = ringing();
  t.taps(phone, call, "answer");
  t.appSends(phone, call, 200);
  t.ackSent(phone, call);
  return { t, active: t.moves(phone, call, "ACTIVE") };
}

describe("telecom/foreground-service", () => {
  test.each(["self-managed", "none"] as const)("passes where one runs, with telecom %s", (telecom) => {
    expect(foregroundService.judge(wholeCall({ app: { telecom } }).finished()).kind).toBe("pass");
  });

  test("passes where one starts soon", () => {
    const { t, active } = answered();
    const started = t.startsService(phone, ["microphone"]);
    expect(foregroundService.judge(t.finished())).toMatchObject({ kind: "pass", evidence: [active.seq, started.seq] });
  });

  test("fails where none does, or the one that ran was stopped", () => {
    const { t, active } = answered();
    expect(foregroundService.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "no-service",
      evidence: [active.seq],
    });
    expect(foregroundService.judge(t.capped()).kind).toBe("inconclusive");
    const stopped = ringing();
    stopped.startsService(phone, ["phoneCall"]);
    stopped.stopsService(phone);
    stopped.taps(phone, call, "answer");
    stopped.appSends(phone, call, 200);
    stopped.moves(phone, call, "ACTIVE");
    expect(foregroundService.judge(stopped.finished())).toMatchObject({ mismatch: "no-service" });
  });

  test("asks nothing of a call that was hung up at once, or never accepted", () => {
    const { t } = answered();
    t.byeSent(phone, call);
    expect(foregroundService.judge(t.finished())).toEqual({ kind: "not-exercised" });
    expect(foregroundService.judge(ringing().finished())).toEqual({ kind: "not-exercised" });
    const hungUp = ringing();
    hungUp.taps(phone, call, "answer");
    hungUp.taps(phone, call, "hangup");
    hungUp.moves(phone, call, "DISCONNECTED", { disconnectCause: "LOCAL" });
    hungUp.appSends(phone, call, 200);
    expect(foregroundService.judge(hungUp.finished())).toEqual({ kind: "not-exercised" });
  });
});
