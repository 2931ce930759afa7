import type { Plan } from "../plan/plan.ts";
import type { TargetExit } from "../targets/target-definition.ts";
import type { RunFacts } from "../trace/run-facts.ts";
import type { CaseId } from "../trace/trace-event.ts";
import type { Trace } from "../trace/trace.ts";
import type { JudgedPlay } from "./judge-played.ts";

/** What a target is given before it starts, and nothing more. */
export interface WorldFacts {
  readonly apns: {
    readonly url: string;
    readonly host: string;
    readonly port: number;
    readonly teamId: string;
    readonly keyId: string;
    readonly keyFile: string;
    readonly topic: string;
    readonly clientCertificateFile: string;
    readonly clientKeyFile: string;
  };
  readonly fcm: {
    /** Where messages are sent to: `<url>/v1/projects/<projectId>/messages:send`. */
    readonly url: string;
    readonly host: string;
    readonly port: number;
    readonly projectId: string;
    /** A service account's key file as Google hands them out; its `token_uri` is `oauthUrl`. */
    readonly serviceAccountFile: string;
    /** The token endpoint of OAuth 2.0. */
    readonly oauthUrl: string;
  };
  readonly tls: {
    /** The test authority that vouches for the push services. */
    readonly caFile: string;
    /** A server certificate of the same authority, for a target on this machine that speaks TLS itself, and its key. */
    readonly certificateFile: string;
    readonly keyFile: string;
  };
  readonly sip: { readonly domain: string };
  /** Client role only: where an app connects whose link is a WebSocket. The URL carries the secret that lets it in. */
  readonly deviceLink?: { readonly url: string };
  /** Private scratch directory of this run, mode 0700. */
  readonly directory: string;
  /** Absolute path of a file of that name in `directory`. */
  readonly file: (name: string) => string;
  /** A free port of the bind address, the same one for the same name: for targets that cannot listen on port 0. */
  readonly port: (name: string) => number;
}

/** A subscriber account; passwords only where the target asks for digest. */
export interface Account {
  readonly aor: string;
  readonly username: string;
  readonly password?: string;
}

/** What one play of a plan is given for itself. */
export interface Lease {
  readonly caseId: CaseId;
  /** 1 for the survey, counting up when the same case is played again. */
  readonly attempt: number;
  /** Unique within and between runs: part of every user, token and caller URI of the case. */
  readonly nonce: string;
  /** Accounts leased from a pool, by the plan's account number; absent: made up at play time. */
  readonly accounts?: readonly Account[];
  /** Its trace is wanted whatever it shows. */
  readonly keepsTrace?: true;
}

/** Everything around the target for a run. `harness/run` owns the interface, `mocks/world` implements it. */
export interface World {
  readonly facts: WorldFacts;
  /** At most this many cases at once. */
  readonly capacity: { readonly cases: number };
  /** The facts of the run as every trace's header carries them; whole once the target was attached. */
  readonly runFacts: RunFacts;
  /** Called once the target is ready and again after each fresh start of it. */
  attach(target: { readonly name: string }): void;
  /** Tells every case under way, and the run trace, that the target is gone. */
  targetExited(exit: TargetExit): void;
  /**
   * Plays one plan. Never throws for what the target does. Abort ends the case early and closes its sockets. Where judging is better done
   * beside the play it comes judged, by every requirement there is.
   */
  play(plan: Plan, lease: Lease, signal: AbortSignal): Promise<Trace | JudgedPlay>;
  /** Closes everything and gives the run's own trace. */
  close(): Promise<Trace>;
}
