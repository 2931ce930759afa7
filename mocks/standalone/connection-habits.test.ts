import { expect, test } from "vitest";
import { connectionHabits } from "./connection-habits.ts";

function found(connections: readonly number[]): readonly number[] {
  const habits = connectionHabits("apns");
  return connections.flatMap((pushes, at) => {
    for (let count = 0; count < pushes; count++) habits.pushed(`apns-${at}`);
    return habits.closed(`apns-${at}`) === undefined ? [] : [at];
  });
}

test("four connections that are closed after one push each are a finding, once", () => {
  expect(found([1, 1, 1, 1, 1, 1, 1, 1])).toEqual([3]);
  expect(found([1, 1, 1])).toEqual([]);
});

test("a connection that carries several pushes shows that connections are kept", () => {
  expect(found([1, 1, 2, 1, 1, 1, 1])).toEqual([]);
});

test("connections without a push, as for an access token, do not count", () => {
  expect(found([1, 0, 1, 0, 1, 0])).toEqual([]);
});
