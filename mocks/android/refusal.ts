import type { AppAnswer } from "../device-link/device-line.ts";
import { rpcCodes } from "../device-link/json-rpc.ts";

/** The answer to what the system just does. */
export const done: AppAnswer = { result: {} };

/** `android.telecom.CallException`'s codes. */
const callExceptions = {
  CODE_ERROR_UNKNOWN: 1,
  CODE_CALL_IS_NOT_BEING_TRACKED: 3,
  CODE_CALL_CANNOT_BE_SET_TO_ACTIVE: 4,
  CODE_CALL_NOT_PERMITTED_AT_PRESENT_TIME: 5,
} as const;

/** Core-Telecom says no. */
export function callException(name: keyof typeof callExceptions, message: string): AppAnswer {
  return refusal("android.telecom.CallException", callExceptions[name], name, message);
}

/** The call threw: told by `name`. Java's exceptions have no number, and their `code` is 0. */
export function thrown(name: string, message: string): AppAnswer {
  return refusal("exception", 0, name, message);
}

/** The process that asks is no more. */
export const notLaunched: AppAnswer = {
  error: { code: rpcCodes.deviceNotLaunched, message: "The app's process has ended." },
};

export function badParams(message: string): AppAnswer {
  return { error: { code: rpcCodes.invalidParams, message } };
}

export function notSupported(message: string): AppAnswer {
  return { error: { code: rpcCodes.notSupported, message } };
}

function refusal(domain: string, code: number, name: string, message: string): AppAnswer {
  return { error: { code: rpcCodes.refusedBySystem, message, data: { domain, code, name } } };
}
