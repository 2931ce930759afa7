import { expect, test } from "vitest";
import { eventLog } from "./event-log.ts";

type Event = { readonly kind: "a"; readonly n: number } | { readonly kind: "broken"; readonly message: string };

test("until finds what has happened, next only what will", async () => {
  const { log, push } = eventLog<Event>();
  push({ kind: "a", n: 1 });
  expect((await log.until("a")).n).toBe(1);
  const next = log.next("a");
  const second = log.until("a", ({ n }) => n === 2);
  push({ kind: "a", n: 2 });
  expect(await Promise.all([next, second])).toEqual([
    { kind: "a", n: 2 },
    { kind: "a", n: 2 },
  ]);
});

test("waiting in vain tells what came instead", async () => {
  const { log, push } = eventLog<Event>();
  push({ kind: "broken", message: "no such module" });
  await expect(log.until("a", () => true, 1)).rejects.toMatchObject({
    code: "no-such-event",
    message: "No a that fits came within 1 ms; what came: broken (no such module)",
  });
});
