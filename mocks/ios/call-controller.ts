import type { RequestTransactionErrorName } from "../../harness/trace/ios-event.ts";
import type { EmitIosEvent } from "./emit-ios-event.ts";
import type { AppRequests } from "../device-link/messages.ts";
import type { AppAnswer } from "../device-link/device-line.ts";
import { admits, type CallAction } from "./call-action.ts";
import { refusedTransaction } from "./call-kit-error.ts";
import type { CallProvider, RequestedAction } from "./call-provider.ts";
import { done, noUUID } from "./call-reports.ts";
import type { CallTable } from "./call-table.ts";
import { callUUIDOf } from "./call-uuid.ts";
import type { IosConditions } from "./ios-conditions.ts";
import type { IosNumbers } from "./ios-numbers.ts";

export interface CallControllerOptions {
  readonly calls: CallTable;
  readonly provider: CallProvider;
  readonly conditions: IosConditions;
  readonly numbers: IosNumbers;
  readonly emit: EmitIosEvent;
}

/**
 * Answers `callController.request`: a transaction is accepted or refused as a whole, and to accept it is not yet to perform it. Its
 * actions come to the app after the answer.
 */
export function requestTransaction(
  { actions }: AppRequests["callController.request"]["params"],
  options: CallControllerOptions,
): AppAnswer {
  const requested: RequestedAction[] = [];
  for (const { id, ...action } of actions) {
    const callUUID = callUUIDOf(action.callUUID);
    if (callUUID === undefined) return noUUID;
    requested.push({ ...(id === undefined ? {} : { id }), action: { ...action, callUUID } satisfies CallAction });
  }
  const why = whyRefused(requested, options);
  if (why !== undefined) {
    options.emit({ kind: "transaction.refused", why });
    return refusedTransaction(why);
  }
  options.provider.perform(requested, "app");
  return done;
}

function whyRefused(
  requested: readonly RequestedAction[],
  { calls, provider, conditions, numbers }: CallControllerOptions,
): RequestTransactionErrorName | undefined {
  if (!conditions.entitled) return "unentitled";
  if (conditions.refuseTransactions !== undefined) return conditions.refuseTransactions;
  if (requested.length === 0) return "emptyTransaction";
  const ids = requested.flatMap(({ id }) => (id === undefined ? [] : [id]));
  if (new Set(ids).size < ids.length || ids.some((id) => provider.knows(id))) return "invalidAction";
  const started = new Set<string>();
  for (const { action } of requested) {
    const call = calls.get(action.callUUID);
    if (action.type !== "start") {
      if (call === undefined) return "unknownCallUUID";
      if (!admits(call, action.type)) return "invalidAction";
    } else {
      if (call !== undefined || started.has(action.callUUID)) return "callUUIDAlreadyExists";
      started.add(action.callUUID);
      if (calls.all().length + started.size > numbers.maximumCallGroups) return "maximumCallGroupsReached";
    }
  }
  return undefined;
}
