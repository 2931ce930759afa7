import { describe, expect, test } from "vitest";
import { judgeTrace } from "../../../harness/judge/judge-trace.ts";
import type { ClientTraceBuilder } from "../../../harness/judge/testing/client-trace-builder.ts";
import type { EventOf } from "../../../harness/trace/trace-event.ts";
import { sipRequirements } from "./index.ts";
import { answeredByApp, app, call, cancelledAtApp, phone, shows } from "./testing/app-ladder.ts";
import { replaced, without } from "./testing/ladders.ts";

type Sip = EventOf<"sip">;

/** How an app breaks each of the rules that bind a server as well. */
const broken: Readonly<Record<string, (t: ClientTraceBuilder) => readonly [mismatch: string, violation: Sip]>> = {
  "sip/well-formed": (t) => [
    "header-without-colon",
    t.appSends(phone, call, 180, { edit: replaced("\r\nFrom:", "\r\nX-Broken\r\nFrom:") }),
  ],
  "sip/mandatory-headers": (t) => ["missing-cseq", t.appSends(phone, call, 180, { edit: without("CSeq") })],
  "sip/content-length": (t) => [
    "content-length-differs",
    t.appSends(phone, call, 180, { edit: replaced("Content-Length: 0", "Content-Length: 1") }),
  ],
  "sip/via-branch-cookie": (t) => [
    "no-magic-cookie",
    t.registering(phone, { edit: replaced("branch=z9hG4bK", "branch=") }),
  ],
  "sip/branch-unique": (t) => {
    const reuse = replaced(/branch=[^\r;]*/u, "branch=z9hG4bK-again");
    t.registers(phone, { edit: reuse });
    return [
      "branch-reused",
      t.registering(phone, { edit: (text) => reuse(text).replaceAll("registrations", "others") }),
    ];
  },
  "sip/response-via": (t) => [
    "via-differs",
    t.appSends(phone, call, 180, { edit: replaced(/branch=[^\r;]*/u, "branch=z9hG4bK-x") }),
  ],
  "sip/response-copies": (t) => [
    "from-differs",
    t.appSends(phone, call, 180, { edit: replaced(/From: [^\r]*/u, "From: <sip:eve@example.test>;tag=1") }),
  ],
  "sip/to-tag": (t) => [
    "no-to-tag",
    t.appSends(phone, call, 180, { edit: replaced(/(To: [^\r]*);tag=[^\r;]*/u, "$1") }),
  ],
  "sip/cseq-in-dialog": (t) => {
    t.appSends(phone, call, 200);
    t.ackSent(phone, call);
    t.appHangsUp(phone, call, { edit: (text) => text.replaceAll("BYE", "UPDATE") });
    return ["cseq-not-rising", t.appHangsUp(phone, call).request];
  },
  "sip/bye-answered": (t) => {
    t.appSends(phone, call, 200);
    t.ackSent(phone, call);
    return ["no-response", t.byeSent(phone, call, { answered: false }).request];
  },
};

describe("the SIP rules for servers and apps alike", () => {
  test.each([
    ["a call that is answered", () => answeredByApp()],
    ["a call that is answered over TCP", () => answeredByApp({ transport: "tcp" })],
    ["a call that is cancelled", () => cancelledAtApp()],
  ])("find nothing in %s by an app", (_, play) => {
    const failed = Object.entries(judgeTrace(play().finished(), sipRequirements)).filter(
      ([, { kind }]) => kind === "fail",
    );
    expect(failed).toEqual([]);
  });

  test.each(Object.keys(broken))("%s is judged of an app", (id) => {
    const requirement = sipRequirements.find((one) => one.id === id);
    expect(requirement?.role).toBe("both");
    const conforming = answeredByApp({ transport: "tcp" });
    expect(requirement?.applies(conforming.facts)).toBe(true);
    // A conforming app sends one request in a dialog at most, which no number can be compared with.
    expect(requirement?.judge(conforming.finished()).kind).toBe(id === "sip/cseq-in-dialog" ? "not-exercised" : "pass");
    const t = app({ transport: "tcp" });
    t.inviteSent(phone, call);
    const [mismatch, violation] = broken[id]?.(t) ?? [];
    const verdict = requirement?.judge(t.finished());
    expect(verdict).toMatchObject({ kind: "fail", mismatch });
    expect(verdict?.kind === "fail" && verdict.evidence.at(-1)).toBe(violation?.seq);
  });

  test("nobody answers a BYE for a process that ended", () => {
    const t = app();
    t.inviteSent(phone, call);
    t.appSends(phone, call, 200);
    t.ackSent(phone, call);
    t.happens(phone, { kind: "app.terminated", why: "swiped away" });
    t.byeSent(phone, call, { answered: false });
    const requirement = sipRequirements.find(({ id }) => id === "sip/bye-answered");
    expect(requirement?.judge(t.finished())).toEqual({ kind: "not-exercised" });
  });

  test("a retransmitted INVITE rings once, whatever else makes the phone ring", () => {
    const ringing = () => {
      const t = app();
      const invite = t.inviteSent(phone, call);
      shows(t);
      const again = t.sip("server", "target", new TextDecoder().decode(invite.bytes), {
        flow: invite.flow,
        phone,
        call,
        retransmitOf: invite.seq,
      });
      return { t, invite, again };
    };
    const requirement = sipRequirements.find(({ id }) => id === "sip/retransmission-absorbed");
    const once = ringing();
    expect(requirement?.judge(once.t.finished()).kind).toBe("pass");
    expect(requirement?.judge(once.t.capped()).kind).toBe("inconclusive");
    const twice = ringing();
    const ring = shows(twice.t, "00000000-0000-4000-8000-00000000000f");
    expect(requirement?.judge(twice.t.finished())).toMatchObject({
      kind: "fail",
      mismatch: "second-ring",
      evidence: [twice.invite.seq, twice.again.seq, ring.seq],
    });
    const pushed = ringing();
    pushed.t.delivers(phone, call);
    shows(pushed.t, "00000000-0000-4000-8000-00000000000f");
    expect(requirement?.judge(pushed.t.finished()).kind).toBe("pass");
    const killed = ringing();
    killed.t.terminates(phone);
    killed.t.launches(phone);
    shows(killed.t, "00000000-0000-4000-8000-00000000000f");
    expect(requirement?.judge(killed.t.finished()).kind).toBe("pass");
  });
});
