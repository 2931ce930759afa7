import type { IncomingCallErrorName, RequestTransactionErrorName } from "../../harness/trace/ios-event.ts";
import type { AppAnswer } from "../device-link/device-line.ts";
import { rpcCodes } from "../device-link/json-rpc.ts";

/** Apple, `CXErrorCodeIncomingCallError.Code`. */
export const incomingCallErrors = {
  unknown: 0,
  unentitled: 1,
  callUUIDAlreadyExists: 2,
  filteredByDoNotDisturb: 3,
  filteredByBlockList: 4,
  filteredDuringRestrictedSharingMode: 5,
  callIsProtected: 6,
  filteredBySensitiveParticipants: 7,
} as const satisfies Readonly<Record<IncomingCallErrorName, number>>;

/** Apple, `CXErrorCodeRequestTransactionError.Code`; the number of `callIsProtected` is unverified. */
export const requestTransactionErrors = {
  unknown: 0,
  unentitled: 1,
  unknownCallProvider: 2,
  emptyTransaction: 3,
  unknownCallUUID: 4,
  callUUIDAlreadyExists: 5,
  invalidAction: 6,
  maximumCallGroupsReached: 7,
  callIsProtected: 8,
} as const satisfies Readonly<Record<RequestTransactionErrorName, number>>;

/** `code` may be one that has no name. */
export function refusedIncomingCall(code: number): AppAnswer {
  return refused("com.apple.CallKit.error.incomingcall", code, incomingCallErrors);
}

export function refusedTransaction(name: RequestTransactionErrorName): AppAnswer {
  return refused(
    "com.apple.CallKit.error.requesttransaction",
    requestTransactionErrors[name],
    requestTransactionErrors,
  );
}

function refused(domain: string, code: number, names: Readonly<Record<string, number>>): AppAnswer {
  const name = Object.keys(names).find((one) => names[one] === code) ?? String(code);
  const message = `CallKit refuses: ${name}.`;
  return { error: { code: rpcCodes.refusedBySystem, message, data: { domain, code, name } } };
}
