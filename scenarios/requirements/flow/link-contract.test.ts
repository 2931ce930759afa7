import { describe, expect, test } from "vitest";
import { linkContract } from "./link-contract.ts";
import { phone, stage, wholeCall } from "./testing/app-stage.ts";

const unanswered = (t: ReturnType<typeof stage>, method: string) => {
  const { id } = t.asking(phone, method);
  const body = { kind: "link.unanswered", request: id, method, why: "no reply within 5000 ms" } as const;
  return t.event("target", "os", body, { phone, by: "target" });
};

describe("flow/link-contract", () => {
  test("passes where every message is as it should be", () => {
    expect(linkContract.judge(wholeCall("ios").finished()).kind).toBe("pass");
  });

  test("fails with the name of the problem", () => {
    const t = wholeCall("ios");
    const problem = t.event("target", "os", { kind: "link.problem", problem: "not-json", why: "It sent garbage." });
    expect(linkContract.judge(t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "not-json",
      actual: "It sent garbage.",
      evidence: [problem.seq],
    });
  });

  test("fails where a request is not answered", () => {
    const t = stage("ios");
    const event = unanswered(t, "provider.perform");
    expect(linkContract.judge(t.finished())).toMatchObject({ mismatch: "unanswered", evidence: [event.seq] });
  });

  test("does not wait for a process that had ended, but for its launch", () => {
    const t = stage("ios");
    t.terminates(phone);
    unanswered(t, "provider.perform");
    expect(linkContract.judge(t.finished()).kind).toBe("pass");
    const dying = stage("ios");
    unanswered(dying, "provider.perform");
    dying.terminates(phone, "crashed");
    expect(linkContract.judge(dying.finished()).kind).toBe("pass");
    unanswered(t, "device.launch");
    expect(linkContract.judge(t.finished())).toMatchObject({ mismatch: "unanswered" });
    expect(linkContract.judge(t.targetDied()).kind).toBe("pass");
  });

  test("is not exercised without a reply", () => {
    expect(linkContract.judge(stage("ios", { registered: false }).finished())).toEqual({ kind: "not-exercised" });
  });
});
