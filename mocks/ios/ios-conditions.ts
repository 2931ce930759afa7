import type { IncomingCallErrorName, RequestTransactionErrorName } from "../../harness/trace/ios-event.ts";

/** What is set on a simulated iPhone, or wrong with it, and can change at any time. */
export interface IosConditions {
  /** A focus that lets no call through. @default false */
  readonly doNotDisturb: boolean;
  /** Numbers and addresses whose calls are filtered, in any spelling. @default [] */
  readonly blocked: readonly string[];
  /** The app may use CallKit: its background mode and entitlement are there. @default true */
  readonly entitled: boolean;
  /** Every report of a new call is refused like this. @default undefined */
  readonly refuseReports: IncomingCallErrorName | undefined;
  /** Every transaction of the app's is refused like this. @default undefined */
  readonly refuseTransactions: RequestTransactionErrorName | undefined;
  /** False: something else holds the audio session, and it is never activated. @default true */
  readonly activatesAudio: boolean;
}

export const ordinaryConditions: IosConditions = {
  doNotDisturb: false,
  blocked: [],
  entitled: true,
  refuseReports: undefined,
  refuseTransactions: undefined,
  activatesAudio: true,
};
