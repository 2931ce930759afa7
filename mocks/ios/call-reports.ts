import type { IncomingCallErrorName } from "../../harness/trace/ios-event.ts";
import type { EmitIosEvent } from "./emit-ios-event.ts";
import type { AppAnswer } from "../device-link/device-line.ts";
import { rpcCodes } from "../device-link/json-rpc.ts";
import type { AppRequests } from "../device-link/messages.ts";
import { incomingCallErrors, refusedIncomingCall } from "./call-kit-error.ts";
import type { CallTable, CallUpdate } from "./call-table.ts";
import { callUUIDOf } from "./call-uuid.ts";
import { handleAddress } from "./handle-address.ts";
import type { IosConditions } from "./ios-conditions.ts";
import type { IosNumbers } from "./ios-numbers.ts";

export const done: AppAnswer = { result: {} };

/** Params that fit the schema and still cannot be what the method takes. */
export function badParams(why: string): AppAnswer {
  return { error: { code: rpcCodes.invalidParams, message: why } };
}

export const noUUID = badParams("A call is named by a UUID (RFC 9562).");

export interface CallReportOptions {
  readonly calls: CallTable;
  readonly conditions: IosConditions;
  readonly numbers: IosNumbers;
  readonly emit: EmitIosEvent;
  /** A report was made, accepted or not: that alone satisfies the push registry. Gives what it was made for. */
  readonly onReport: () => "push" | "invite";
}

/** Answers `provider.reportNewIncomingCall`: the system rings, or says why it does not. */
export function reportNewIncomingCall(
  { uuid, update }: AppRequests["provider.reportNewIncomingCall"]["params"],
  { calls, conditions, numbers, emit, onReport }: CallReportOptions,
): AppAnswer {
  const callUUID = callUUIDOf(uuid);
  if (callUUID === undefined) return noUUID;
  const why = onReport();
  const refusal = whyRefused(callUUID, update, calls, conditions, numbers);
  if (refusal !== undefined) {
    const code = refusal === "maximumCallGroupsReached" ? numbers.groupLimitErrorCode : incomingCallErrors[refusal];
    emit({ kind: "call.refused", callUUID, code, why: refusal });
    return refusedIncomingCall(code);
  }
  calls.add({ callUUID, direction: "incoming", state: "ringing", update });
  emit({ kind: "ringing.shown", why, callUUID });
  return done;
}

/** The order of the reasons is our own; a call the system knows is one whatever else is set. */
function whyRefused(
  callUUID: string,
  { remoteHandle }: CallUpdate,
  calls: CallTable,
  conditions: IosConditions,
  numbers: IosNumbers,
): IncomingCallErrorName | "maximumCallGroupsReached" | undefined {
  if (!conditions.entitled) return "unentitled";
  if (calls.get(callUUID) !== undefined) return "callUUIDAlreadyExists";
  if (conditions.refuseReports !== undefined) return conditions.refuseReports;
  if (conditions.doNotDisturb) return "filteredByDoNotDisturb";
  if (remoteHandle !== undefined) {
    const address = handleAddress(remoteHandle.value);
    if (conditions.blocked.some((handle) => handleAddress(handle) === address)) return "filteredByBlockList";
  }
  return calls.all().length >= numbers.maximumCallGroups ? "maximumCallGroupsReached" : undefined;
}

/** Answers `provider.reportCallUpdated`. A call nobody knows is ignored; what the update leaves out stays as it was. */
export function reportCallUpdated(
  { uuid, update }: AppRequests["provider.reportCallUpdated"]["params"],
  { calls, emit }: Pick<CallReportOptions, "calls" | "emit">,
): AppAnswer {
  const callUUID = callUUIDOf(uuid);
  if (callUUID === undefined) return noUUID;
  const call = calls.get(callUUID);
  if (call === undefined) return done;
  calls.change(callUUID, { update: { ...call.update, ...update } });
  emit({ kind: "call.updated", callUUID });
  return done;
}
