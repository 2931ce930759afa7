import type { AndroidEvent } from "../../../harness/trace/android-event.ts";
import type { IosEvent } from "../../../harness/trace/ios-event.ts";
import type { Lane, PhoneRef } from "../../../harness/trace/trace-event.ts";
import { describeReply, type AppReply } from "../../device-link/ask-app.ts";
import type { DeviceLine, DeviceSystem } from "../../device-link/device-line.ts";
import type { RpcError } from "../../device-link/json-rpc.ts";
import { describeLinkProblem, type LinkProblem } from "../../device-link/link-problem.ts";
import type { DeviceMethod } from "../../device-link/messages.ts";
import type { Between, CaseRecorder } from "../case-recorder.ts";
import type { CallNames, NamedCall } from "./call-names.ts";

/** What crosses the link about one device, told as it does. No method may throw. */
export interface DeviceTap {
  /** A request: `id` is unique on the link. */
  asked(by: "target" | "world", id: string, method: string, params: unknown): void;
  replied(by: "target" | "world", id: string, method: string, error: RpcError | undefined): void;
  told(method: string, params: unknown): void;
  /** `shared`: nobody knows whose it is, and every phone under way has it. */
  problem(problem: LinkProblem, shared: Pick<Between, "claimedBy">): void;
}

/** The link of one phone in its case's trace, and which message caused what on the phone. */
export interface PhoneLink {
  readonly tap: DeviceTap;
  /** The system as the link sees it. */
  watched(system: DeviceSystem): DeviceSystem;
  /** The line as the system sees it. */
  watchedLine(line: DeviceLine): Pick<DeviceLine, "request" | "isLaunched">;
  /** Records what the phone decided: by the target where a message of the app's led to it at once. */
  emit(event: IosEvent | AndroidEvent): void;
  /** How many requests to the app have no reply yet. */
  open(): number;
}

const fromApp = { from: "target", to: "os", by: "target" } as const;
const toApp = { from: "os", to: "target", by: "world" } as const;

export interface PhoneLinkOptions {
  readonly ref: PhoneRef;
  readonly recorder: CaseRecorder;
  readonly names: CallNames;
  /** A request was sent, or settled. */
  readonly onChange: () => void;
}

export function phoneLink({ ref, recorder, names, onChange }: PhoneLinkOptions): PhoneLink {
  /** Requests to the app under way, by id. */
  const open = new Map<string, string>();
  /** The message of the app's that is being handled. */
  let cause: number | undefined;
  /** The reply that is about to be handled. */
  let arrived: number | undefined;

  function during<T>(seq: number | undefined, act: () => T): T {
    const outer = cause;
    cause = seq;
    try {
      return act();
    } finally {
      cause = outer;
    }
  }

  const lanesOf = (by: "target" | "world") => (by === "target" ? fromApp : toApp);

  function about(params: unknown): Pick<Between, "phone" | "call"> {
    const named = typeof params === "object" && params !== null ? (params as NamedCall) : {};
    const call = names.callOf(named);
    return { phone: ref, ...(call === undefined ? {} : { call }) };
  }

  /** What the app said last that the system handles now. */
  let heard: number | undefined;
  const callsOfRequests = new Map<string, Pick<Between, "phone" | "call">>();

  return {
    tap: {
      asked(by, id, method, params) {
        if (by === "target") names.heard(method, params);
        const whose = about(params);
        const event = recorder.record({ ...lanesOf(by), ...whose }, { kind: "link.request", id, method, params });
        callsOfRequests.set(id, whose);
        if (by === "target") heard = event.seq;
        else open.set(id, method);
      },
      replied(by, id, method, error) {
        const whose = callsOfRequests.get(id) ?? { phone: ref };
        const event = recorder.record(
          { ...lanesOf(by), ...whose },
          { kind: "link.reply", request: id, method, ...(error === undefined ? {} : { error: errorOf(error) }) },
        );
        if (by === "world") return;
        open.delete(id);
        arrived = event.seq;
        // One that nobody waits for any more is handled by nobody.
        queueMicrotask(() => {
          if (arrived === event.seq) arrived = undefined;
        });
      },
      told(method, params) {
        names.heard(method, params);
        heard = recorder.record({ ...fromApp, ...about(params) }, { kind: "link.notification", method, params }).seq;
      },
      problem(problem, shared) {
        recorder.record(
          { ...fromApp, phone: ref, ...shared },
          { kind: "link.problem", problem: problem.kind, why: describeLinkProblem(problem) },
        );
      },
    },
    watched: (system) => ({
      answer: (request) => during(heard, () => system.answer(request)),
      notified: (notification) => during(heard, () => system.notified(notification)),
      died: (message) => during(heard, () => system.died(message)),
    }),
    watchedLine: (line) => ({
      isLaunched: () => line.isLaunched(),
      request: (method, params, { onReply = () => {}, ...asked } = {}) =>
        line.request(method, params, {
          ...asked,
          onReply(reply) {
            const seq = arrived;
            arrived = undefined;
            if (seq === undefined) giveUp(method, describeReply(reply as AppReply<DeviceMethod>));
            during(seq, () => onReply(reply));
            onChange();
          },
        }),
    }),
    emit(event) {
      const lanes: { readonly from: Lane; readonly to: Lane } =
        event.kind === "push.delivered" || event.kind === "push.stored" || event.kind === "push.dropped"
          ? { from: "push-service", to: "os" }
          : { from: "os", to: "os" };
      recorder.record(
        {
          ...lanes,
          ...about(event),
          by: cause === undefined || lanes.from === "push-service" ? "world" : "target",
          ...(cause === undefined ? {} : { cause }),
        },
        event,
      );
    },
    open() {
      return open.size;
    },
  };

  /** The oldest request of that method has no reply and will have none. */
  function giveUp(method: string, why: string): void {
    const [id] = [...open].find(([, asked]) => asked === method) ?? [];
    if (id === undefined) return;
    open.delete(id);
    const whose = callsOfRequests.get(id) ?? { phone: ref };
    recorder.record({ ...fromApp, ...whose }, { kind: "link.unanswered", request: id, method, why });
  }
}

function errorOf({ code, message, data }: RpcError): RpcError {
  return { code, message, ...(data === undefined ? {} : { data }) };
}
