import { expect, test } from "vitest";
import { byBytes } from "./by-bytes.ts";

test("what was set is found by its name and equal bytes, and by nothing else", () => {
  const table = byBytes<number>();
  table.set("udp/1", Buffer.from("INVITE"), 1);
  table.set("udp/1", Buffer.from("CANCEL"), 2);
  table.set("udp/2", Buffer.from("INVITE"), 3);
  expect(table.get("udp/1", new Uint8Array(Buffer.from("CANCEL")))).toBe(2);
  expect(table.get("udp/2", Buffer.from("INVITE"))).toBe(3);
  expect(table.get("udp/2", Buffer.from("CANCEL"))).toBeUndefined();
  expect(table.get("udp/1", Buffer.from("INVIT"))).toBeUndefined();
  expect(table.values()).toEqual([1, 2, 3]);
});
