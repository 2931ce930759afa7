import { expect, test } from "vitest";
import { processGate } from "./process-gate.ts";

test("while it is shut nothing runs, timers included, and all of it runs in order once it is opened", async () => {
  const gate = processGate();
  const ran: string[] = [];
  gate.shut();
  gate.enter(() => void ran.push("first"));
  gate.timers.after(0, () => void ran.push("timer"));
  const stop = gate.timers.after(0, () => void ran.push("cancelled"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  gate.enter(() => void ran.push("last"));
  expect(ran).toEqual([]);
  stop();
  gate.open();
  expect(ran).toEqual(["first", "timer", "last"]);
  gate.close();
});

test("once closed nothing runs any more", async () => {
  const gate = processGate();
  const ran: string[] = [];
  gate.timers.after(0, () => void ran.push("timer"));
  gate.shut();
  gate.enter(() => void ran.push("waiting"));
  gate.close();
  gate.open();
  gate.enter(() => void ran.push("late"));
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(ran).toEqual([]);
});
