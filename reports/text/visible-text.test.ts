import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { visibleLine, visibleText } from "./visible-text.ts";

const anyText = fc.string({ unit: "binary", maxLength: 60 });

describe("visibleText", () => {
  test("spells out what would act on a terminal or turn a line around", () => {
    expect(visibleText("a\u001b[31mb\u202egnp.exe\u2028\u0000\u200b")).toBe(
      "a⟨U+001B⟩[31mb⟨U+202E⟩gnp.exe⟨U+2028⟩⟨U+0000⟩⟨U+200B⟩",
    );
  });

  test("keeps line feeds and tabs, and takes a line's CR away", () => {
    expect(visibleText("INVITE\r\n\tx\ry\n")).toBe("INVITE\n\tx⟨U+000D⟩y\n");
  });

  test("leaves letters of every script and emoji alone", () => {
    expect(visibleText("Zoë, 李, محمد, 👍")).toBe("Zoë, 李, محمد, 👍");
  });

  test("leaves nothing behind that acts, whatever comes in", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visibleText(text)).not.toMatch(/(?![\n\t])\p{Cc}|\p{Cf}|\p{Zl}|\p{Zp}|\p{Cs}/u);
        expect(visibleText(visibleText(text))).toBe(visibleText(text));
      }),
    );
  });
});

describe("visibleLine", () => {
  test("is one line, whatever comes in", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(visibleLine(text)).not.toMatch(/[\n\t]/u);
      }),
    );
  });
});
