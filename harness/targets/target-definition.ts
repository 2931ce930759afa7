import type { RunFacts } from "../trace/run-facts.ts";
import type { WorldFacts } from "../run/world.ts";

/** A value, or how to make it once the world of the run is known (its ports, files and keys are new in every run). */
export type FromWorld<T> = T | ((world: WorldFacts) => T);

/**
 * What must happen before cases are played. Addresses of `sip` are `udp:host:port`, or with tcp, tls, ws, wss: OPTIONS is sent until
 * anything answers. `tcp` is `host:port`: a connection is accepted. `log`: a line of output contains the string or matches.
 * `http`: the URL answers, whatever the status.
 */
export type Readiness = (
  | { readonly sip: string }
  | { readonly tcp: string }
  | { readonly log: string | RegExp }
  | { readonly http: string }
) & {
  /** How long to wait. @default 15000 */
  readonly timeoutMs?: number;
};

/** A program that RingTrue starts and stops. */
export interface ProcessTarget {
  readonly kind: "process";
  readonly command: string;
  /** @default [] */
  readonly args?: FromWorld<readonly string[]>;
  /** Contents by file name; written into the run's private directory, `world.file(name)`, before the start. @default {} */
  readonly files?: FromWorld<Readonly<Record<string, string>>>;
  /** Added to the environment of RingTrue and the `RINGTRUE_*` facts. @default {} */
  readonly env?: FromWorld<Readonly<Record<string, string>>>;
  /** @default an answer to OPTIONS at the first configured SIP address */
  readonly ready?: FromWorld<Readiness>;
  /** @default the directory RingTrue runs in */
  readonly cwd?: string;
  /**
   * Client targets: how the adapter speaks with RingTrue, over its standard streams or by connecting to `world.deviceLink.url`.
   *
   * @default "stdio"
   */
  readonly link?: "stdio" | "websocket";
}

/** A target that somebody else runs: nothing is started or stopped. */
export interface RemoteTarget {
  readonly kind: "remote";
  /** @default an answer to OPTIONS at the first configured SIP address */
  readonly ready?: FromWorld<Readiness>;
  /** Client targets, and needed there: the adapter connects to `world.deviceLink.url`, which is printed. */
  readonly link?: "websocket";
}

/** A client app in this process, which is played in virtual time. */
export interface ModuleTarget {
  readonly kind: "module";
  /** The file: a `file:` URL, or a path as seen from the directory RingTrue runs in. JavaScript or TypeScript. */
  readonly module: string | URL;
  /** What of it is the `CreateApp`. @default "createApp" */
  readonly export?: string;
  /** How many threads play cases. @default one per core */
  readonly workers?: number;
}

/** A target of which RingTrue has a process at most. */
export type ProgramTarget = ProcessTarget | RemoteTarget;

export type TargetDefinition = ProgramTarget | ModuleTarget;

/** What a target is started with: the world it gets, and the facts of the run (profile, SIP addresses, its own name). */
export interface TargetContext {
  readonly world: WorldFacts;
  readonly facts: RunFacts;
}

export interface TargetExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** Where it is not just that it ended: what was wrong with it, as one sentence about it. */
  readonly why?: string;
}

/** A target that is ready. */
export interface StartedTarget {
  readonly name: string;
  /** Process id of the first program; undefined when nothing was started. */
  readonly pid: number | undefined;
  /** How its program ended by itself, or undefined while it lives. */
  readonly exited: TargetExit | undefined;
  /** How long it took to become ready the last time. */
  readonly readyAfterMs: number;
  /** Its last lines of output, oldest first. */
  output(): readonly string[];
  /** Called when a program ends without being asked to; returns what takes the listener away. */
  onExit(listener: (exit: TargetExit) => void): () => void;
  /** Ends what is left of it and starts it afresh. Throws `TargetError` when it does not become ready. */
  restart(): Promise<void>;
  /** Ends every program and its children. Never throws. */
  stop(): Promise<void>;
}
