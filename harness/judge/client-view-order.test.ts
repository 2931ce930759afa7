import { describe, expect, test } from "vitest";
import { cameBefore, firstOf, waitedFor } from "./client-view-order.ts";
import { iosTrace } from "./testing/ios-trace.ts";

const phone = "phone:1" as const;
const call = "call:1" as const;

describe("the order of events on a phone", () => {
  test("is that of the link among what a phone and its app do, however close", () => {
    const t = iosTrace();
    const { request } = t.pushed(phone, call);
    const { outcome } = t.reports(phone, call, { afterMs: 0 });
    expect(cameBefore(t.finished(), request, outcome)).toBe("yes");
    expect(cameBefore(t.finished(), outcome, request)).toBe("no");
  });

  test("is doubted within the tolerance between the link and SIP, and known where we did the later one", () => {
    const t = iosTrace();
    t.ringsForPush(phone, call);
    t.registers(phone);
    t.inviteSent(phone, call);
    const { performed } = t.answers(phone, call);
    const accepted = t.appSends(phone, call, 200);
    const settled = t.fulfils(phone, call, "answer", { afterMs: 5 });
    const ack = t.ackSent(phone, call);
    const trace = t.finished();
    expect(cameBefore(trace, accepted, settled)).toBe("undecidable");
    expect(cameBefore(trace, settled, ack)).toBe("yes");
    expect(waitedFor(trace, settled, accepted)).toBe("yes");
    expect(waitedFor(trace, settled, undefined)).toBe("no");
    expect(waitedFor(trace, performed, ack)).toBe("no");
    expect(waitedFor(trace, accepted, settled)).toBe("undecidable");
    expect(firstOf([undefined, settled, accepted])).toBe(accepted);
  });
});
