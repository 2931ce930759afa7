import type { ApnsRule } from "../apns-rule.ts";
import { REQUESTS, RESPONSES } from "./sources.ts";

export const methodRules: readonly ApnsRule[] = [
  {
    id: "apns/method",
    mismatch: "method-not-post",
    class: "R",
    status: 405,
    reason: "MethodNotAllowed",
    source: `${REQUESTS}, :method; ${RESPONSES}, MethodNotAllowed`,
    check: ({ method }) => (method === "POST" ? undefined : { expected: "POST", actual: method }),
  },
];

export const pathRules: readonly ApnsRule[] = [
  {
    id: "apns/path",
    mismatch: "missing-device-token",
    class: "R",
    status: 400,
    reason: "MissingDeviceToken",
    source: `${RESPONSES}, MissingDeviceToken`,
    check: ({ path }) =>
      path === "/3/device/" || path === "/3/device"
        ? { expected: "/3/device/<device token>", actual: path }
        : undefined,
  },
  {
    id: "apns/path",
    mismatch: "bad-path",
    class: "R",
    status: 404,
    reason: "BadPath",
    source: `${REQUESTS}, :path; ${RESPONSES}, BadPath`,
    check: ({ path, pathToken }) =>
      pathToken === undefined ? { expected: "/3/device/<device token>", actual: path } : undefined,
  },
];

export const duplicateRules: readonly ApnsRule[] = [
  {
    id: "apns/duplicate-headers",
    mismatch: "repeated-header",
    class: "R",
    status: 400,
    reason: "DuplicateHeaders",
    source: `${RESPONSES}, DuplicateHeaders`,
    check: ({ headers: { repeated } }) =>
      repeated === undefined ? undefined : { expected: `${repeated} once`, actual: `${repeated} more than once` },
  },
];
