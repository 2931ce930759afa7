import { describe, expect, test } from "vitest";
import { oncePer, oncePerPart } from "./once-per.ts";

describe("oncePer", () => {
  const counting = () => {
    let times = 0;
    return oncePer((of: { readonly name: string }) => ({ name: of.name, times: (times += 1) }));
  };

  test("works it out once for each object, equal ones too", () => {
    const worked = counting();
    const [alice, other] = [{ name: "alice" }, { name: "alice" }];
    expect(worked(alice)).toBe(worked(alice));
    expect(worked(other)).toEqual({ name: "alice", times: 2 });
  });

  test("keeps what two of them worked out of one object apart", () => {
    const alice = { name: "alice" };
    expect(counting()(alice)).not.toBe(counting()(alice));
  });

  test("leaves the object as it was to whoever compares, copies or writes it", () => {
    const worked = counting();
    const alice = { name: "alice" };
    worked(alice);
    expect(alice).toStrictEqual({ name: "alice" });
    expect(JSON.stringify(alice)).toBe('{"name":"alice"}');
    expect(worked({ ...alice, name: "bob" }).name).toBe("bob");
  });

  test("works it out again where the object takes nothing more", () => {
    const worked = counting();
    const frozen = Object.freeze({ name: "alice" });
    worked(frozen);
    expect(worked(frozen).times).toBe(2);
  });
});

test("oncePerPart works it out once for each part of each object", () => {
  const asked: string[] = [];
  const lettersOf = oncePerPart((of: { readonly text: string }, part: "first" | "last") => {
    asked.push(part);
    return [of.text.at(part === "first" ? 0 : -1)];
  });
  const word = { text: "ring" };
  expect([lettersOf(word, "first"), lettersOf(word, "last"), lettersOf(word, "first")]).toEqual([["r"], ["g"], ["r"]]);
  expect(asked).toEqual(["first", "last"]);
});
