import type { PhoneSettings } from "../../../harness/plan/plan.ts";
import type { AndroidEvent } from "../../../harness/trace/android-event.ts";
import type { IosEvent } from "../../../harness/trace/ios-event.ts";
import type { CallRef, UserPath } from "../../../harness/trace/trace-event.ts";
import type { DeviceLine, DeviceSystem } from "../../device-link/device-line.ts";
import type { LinkAccount } from "../../device-link/messages.ts";

/** A push that the push service hands to a phone. */
export interface SystemPush {
  /** Unique within the run. */
  readonly id: string;
  readonly payload: unknown;
  /** iOS. False: the system asks for no report. Absent: as the system decides. */
  readonly mustReport?: boolean;
  /** Android. */
  readonly priority: "high" | "normal";
}

/** Something the user could do now. */
export interface OfferedAct {
  readonly through: UserPath;
  /** Does it; false when the phone would not after all. */
  readonly play: () => boolean;
}

export type UserActKind = "answer" | "decline" | "hang-up" | "hold" | "unhold";

export interface ActChoice {
  /** iOS, of an answer. */
  readonly others?: "end" | "hold";
  /** Android. */
  readonly through?: "notification" | "telecom";
}

/** A simulated phone of either platform, as far as a plan has words for it. No method throws once it is plugged in. */
export interface PhoneSystem {
  /** To lease a device line with. */
  readonly system: DeviceSystem;
  plugIn(line: Pick<DeviceLine, "request" | "isLaunched">): void;

  /** What the app's process is at. */
  phase(): "off" | "starting" | "running" | "suspended";
  /** The app's code runs, and nothing the system does keeps its packets from the network. */
  passesPackets(): boolean;
  /** The user opens the app: it is started, or comes to the front. */
  open(): void;
  background(): void;
  suspend(): void;
  kill(): void;
  changeAccount(account: LinkAccount | null): void;
  /** The newest token; undefined while it is void. */
  token(): string | undefined;
  rotateToken(token: string): void;
  /** iOS only. */
  invalidateToken(): void;
  setNetwork(reachable: boolean, networkInterface: string): void;
  /** iOS only: the system drops every call. */
  resetProvider(): void;
  /** Android only: the user swipes the app away. */
  removeTask(): void;
  /** Android only. */
  enterDoze(): void;
  change(settings: PhoneSettings): void;
  deliver(push: SystemPush): void;

  /** What the phone offers its user for this call at this moment. */
  offer(act: UserActKind, call: CallRef, choice?: ActChoice): OfferedAct | undefined;
  /** The calls the phone has, ringing or not; undefined for one that is none of the plan's. */
  calls(): readonly (CallRef | undefined)[];
  /** Nothing is asked or emitted any more. */
  close(): void;
}

/** Everything a phone decides. Must not throw, nor call the phone. */
export type EmitSystemEvent = (event: IosEvent | AndroidEvent) => void;
