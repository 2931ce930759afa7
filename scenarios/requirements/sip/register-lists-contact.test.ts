import { describe, expect, test } from "vitest";
import { registerListsContact } from "./register-lists-contact.ts";
import { connected, replaced, silence, without } from "./testing/ladders.ts";
import type { TraceBuilder } from "../../../harness/judge/testing/trace-builder.ts";

/** A REGISTER and a 2xx to it of which the test spoils something. */
function registers(ladder: TraceBuilder, edit: (text: string) => string): readonly [request: number, response: number] {
  const { request, response } = connected().registers("phone:1");
  const sent = ladder.sip("phone", "target", decode(request.bytes), { flow: "again", phone: "phone:1" });
  const got = ladder.sip("target", "phone", edit(decode(response.bytes)), { flow: "again", phone: "phone:1" });
  return [sent.seq, got.seq];
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

describe("sip/register-lists-contact", () => {
  test("passes when the contact is listed with its expires", () => {
    expect(registerListsContact.judge(connected().finished()).kind).toBe("pass");
  });

  test("passes when the registrar leaves out parameters and lists other bindings too", () => {
    const ladder = silence();
    registers(ladder, (text) =>
      text.replace(/;pn-[^>]*>/u, ">").replace("\r\nContact: ", "\r\nContact: <sip:other@10.0.0.1>;expires=9, "),
    );
    expect(registerListsContact.judge(ladder.finished()).kind).toBe("pass");
  });

  test("fails when there is no Contact", () => {
    const ladder = silence();
    const evidence = registers(ladder, without("Contact"));
    expect(registerListsContact.judge(ladder.finished())).toMatchObject({
      kind: "fail",
      mismatch: "contact-not-listed",
      actual: "no Contact",
      evidence,
    });
  });

  test("fails when another binding is listed only", () => {
    const ladder = silence();
    registers(ladder, replaced("Contact: <sip:it@", "Contact: <sip:else@"));
    expect(registerListsContact.judge(ladder.finished())).toMatchObject({ mismatch: "contact-not-listed" });
  });

  test("fails when the contact has no expires", () => {
    const ladder = silence();
    registers(ladder, replaced(">;expires=3600", ">"));
    expect(registerListsContact.judge(ladder.finished())).toMatchObject({ kind: "fail", mismatch: "no-expires" });
  });

  test("is not exercised by refusals and removals", () => {
    const ladder = silence();
    ladder.opensFlow("phone:1");
    ladder.registers("phone:1", { status: 403 });
    ladder.registers("phone:1", { expires: 0 });
    expect(registerListsContact.judge(ladder.finished())).toEqual({ kind: "not-exercised" });
  });
});
