import { describe, expect, test } from "vitest";
import { headerToken } from "../../scenarios/profiles/header-token.ts";
import { rfc8599 } from "../../scenarios/profiles/rfc8599.ts";
import { contactParamsOf, tokenHeaderOf } from "./registration-fields.ts";

const values = { provider: "apns", param: "TEAM123456.test.app.voip" };

describe("the token in a REGISTER", () => {
  test("RFC 8599 puts it into the Contact URI", () => {
    expect(contactParamsOf(rfc8599, values, "c0ffee")).toBe(
      ";pn-provider=apns;pn-param=TEAM123456.test.app.voip;pn-prid=c0ffee",
    );
    expect(tokenHeaderOf(rfc8599, values, "c0ffee")).toBeUndefined();
  });

  test("a REGISTER that removes the binding names no token (RFC 8599 4.1.2)", () => {
    expect(contactParamsOf(rfc8599, values, undefined)).toBe(";pn-provider=apns;pn-param=TEAM123456.test.app.voip");
    expect(tokenHeaderOf(headerToken, values, undefined)).toBeUndefined();
  });

  test("a header profile puts it into its header", () => {
    expect(tokenHeaderOf(headerToken, values, "c0ffee")).toEqual({ name: "X-Token", value: "c0ffee" });
    expect(contactParamsOf(headerToken, values, "c0ffee")).toBe("");
  });

  test("what is no paramchar is escaped", () => {
    expect(contactParamsOf(rfc8599, values, "a=b;c é")).toContain(";pn-prid=a%3Db%3Bc%20%C3%A9");
  });
});
