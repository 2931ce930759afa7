import { describe, expect, test } from "vitest";
import { inProcessLink } from "./in-process-link.ts";

async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
}

describe("a link within this process", () => {
  test("carries messages both ways in order, none of them within another", async () => {
    const heard: string[] = [];
    const said: string[] = [];
    const { link, say } = inProcessLink(
      (text) => {
        heard.push(text);
        say(`${text}?`);
        say(`${text}!`);
      },
      () => {},
    );
    link.onMessage({ message: (text) => void said.push(text), problem: () => {} });
    link.send("a");
    link.send("b");
    expect(heard).toEqual([]);
    await quiet();
    expect(heard).toEqual(["a", "b"]);
    expect(said).toEqual(["a?", "a!", "b?", "b!"]);
  });

  test("keeps what the adapter says before anybody listens", async () => {
    const said: string[] = [];
    const { link, say } = inProcessLink(
      () => {},
      () => {},
    );
    say("early");
    link.onMessage({ message: (text) => void said.push(text), problem: () => {} });
    expect(said).toEqual(["early"]);
  });

  test("tells the adapter once that RingTrue ended it, and carries nothing after", async () => {
    let closed = 0;
    const heard: string[] = [];
    const { link, say } = inProcessLink(
      (text) => void heard.push(text),
      () => (closed += 1),
    );
    link.onMessage({ message: (text) => void heard.push(text), problem: () => {} });
    link.send("on its way");
    expect(await link.close()).toEqual({ kind: "closed" });
    await link.close();
    link.send("late");
    say("late");
    await quiet();
    expect([closed, heard]).toEqual([1, []]);
  });

  test("ends with the adapter", async () => {
    const { link, die } = inProcessLink(
      () => {},
      () => {},
    );
    die({ kind: "threw", error: "no" });
    expect(await link.closed).toEqual({ kind: "threw", error: "no" });
  });
});
