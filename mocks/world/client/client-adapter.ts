import type { Clock } from "../../../harness/clock/clock.ts";
import type { TraceRecorder } from "../../../harness/trace/recorder.ts";
import type { CaseId } from "../../../harness/trace/trace-event.ts";
import type { Adapter } from "../../device-link/adapter.ts";
import type { RpcId } from "../../device-link/json-rpc.ts";
import type { Crossing } from "../../device-link/json-rpc-peer.ts";
import type { Link } from "../../device-link/link.ts";
import { describeLinkProblem, type LinkProblem } from "../../device-link/link-problem.ts";
import type { LinkProfile } from "../../device-link/messages.ts";
import { openAdapter } from "../../device-link/open-adapter.ts";
import type { DeviceTap } from "./phone-link.ts";

/** An adapter that hosts the apps of the cases under way. */
export interface ClientAdapter extends Pick<Adapter, "facts" | "lease" | "ended" | "close"> {
  /** What crosses the link about that device is told to `tap` until the returned function is called. */
  watch(device: string, caseId: CaseId, tap: DeviceTap): () => void;
}

export interface ClientAdapterOptions {
  readonly link: Link;
  readonly clock: Clock;
  readonly harness: { readonly name: string; readonly version: string };
  readonly profile: LinkProfile;
  /** The trace of the run: what belongs to no device. */
  readonly run: TraceRecorder;
}

interface Watched {
  readonly caseId: CaseId;
  readonly tap: DeviceTap;
  /** Ids of our requests about it. */
  readonly asked: Set<RpcId>;
}

interface Asked {
  readonly device: string;
  readonly method: string;
}

const fromApp = { from: "target", to: "os", by: "target" } as const;
const toApp = { from: "os", to: "target", by: "world" } as const;

/**
 * Opens an adapter and tells every message of it to the phone it is about. A problem that names no known device is that of every case
 * under way, and stands in the run's trace too.
 *
 * @throws TargetError when it cannot be driven; the link is closed then.
 */
export async function openClientAdapter(options: ClientAdapterOptions): Promise<ClientAdapter> {
  const { run } = options;
  const watched = new Map<string, Watched>();
  /** Devices of cases that are over. */
  const left = new Set<string>();
  const byUs = new Map<RpcId, Asked>();
  const byApp = new Map<RpcId, Asked>();
  /** What the app answered last. */
  let answered: { readonly id: RpcId; readonly device: string } | undefined;

  const adapter = await openAdapter({
    link: options.link,
    clock: options.clock,
    harness: options.harness,
    profile: options.profile,
    onCrossing,
    onProblem,
  });

  function onCrossing({ direction, message }: Crossing): void {
    const isOurs = direction === "to-app";
    const by = isOurs ? "world" : "target";
    switch (message.kind) {
      case "request": {
        const { id, method, params } = message;
        const device = deviceIn(params);
        const one = watched.get(device);
        (isOurs ? byUs : byApp).set(id, { device, method });
        if (isOurs) one?.asked.add(id);
        if (one !== undefined) return one.tap.asked(by, nameOf(by, id), method, params);
        run.record({ ...(isOurs ? toApp : fromApp), kind: "link.request", id: nameOf(by, id), method, params });
        return;
      }
      case "notification": {
        const { method, params } = message;
        const one = watched.get(deviceIn(params));
        if (one !== undefined) return one.tap.told(method, params);
        run.record({ ...fromApp, kind: "link.notification", method, params });
        return;
      }
      case "result":
      case "error": {
        const { id } = message;
        const asked = (isOurs ? byApp : byUs).get(id ?? "");
        // What answers nothing that was asked is a problem, and noted as such.
        if (id === null || asked === undefined) return;
        (isOurs ? byApp : byUs).delete(id);
        const { device, method } = asked;
        if (!isOurs) answered = { id, device };
        const name = nameOf(isOurs ? "target" : "world", id);
        const error = message.kind === "error" ? message.error : undefined;
        const one = watched.get(device);
        if (one !== undefined) return one.tap.replied(by, name, method, error);
        run.record({
          ...(isOurs ? toApp : fromApp),
          kind: "link.reply",
          request: name,
          method,
          ...(error === undefined ? {} : { error }),
        });
      }
    }
  }

  function onProblem(problem: LinkProblem): void {
    const device = deviceOf(problem) ?? "";
    const one = watched.get(device);
    if (one !== undefined) return one.tap.problem(problem, {});
    // Nobody under way is to blame for what an app says after its end.
    const taps = left.has(device) ? [] : [...new Map([...watched.values()].map(({ caseId, tap }) => [caseId, tap]))];
    const shared = taps.length > 1 ? { claimedBy: taps.map(([caseId]) => caseId) } : {};
    for (const [, tap] of taps) tap.problem(problem, shared);
    run.record({
      ...fromApp,
      ...shared,
      kind: "link.problem",
      problem: problem.kind,
      why: describeLinkProblem(problem),
    });
  }

  function deviceOf(problem: LinkProblem): string | undefined {
    if ("device" in problem) return problem.device;
    return "id" in problem && problem.id === answered?.id ? answered?.device : undefined;
  }

  return {
    facts: adapter.facts,
    ended: adapter.ended,
    lease: (device, signal) => adapter.lease(device, signal),
    close: () => adapter.close(),
    watch(device, caseId, tap) {
      const one: Watched = { caseId, tap, asked: new Set() };
      watched.set(device, one);
      return () => {
        if (watched.get(device) === one) watched.delete(device);
        left.add(device);
        for (const id of one.asked) byUs.delete(id);
      };
    },
  };
}

/** Ids are per direction: whose it is makes them one of a kind. */
function nameOf(by: "target" | "world", id: RpcId): string {
  return `${by === "target" ? "app" : "os"}:${id}`;
}

function deviceIn(params: unknown): string {
  if (typeof params !== "object" || params === null || !("device" in params)) return "";
  return typeof params.device === "string" ? params.device : "";
}
