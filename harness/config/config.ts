import type { ExpectedFailure } from "../run/run-result.ts";
import type { FromWorld, TargetDefinition } from "../targets/target-definition.ts";
import type { Deadlines, Features, Media, Profile, Role } from "../trace/run-facts.ts";
import type { Subscribers } from "./subscribers.ts";

/** The id of a profile, or changes to one; objects are merged field by field, and `undefined` takes a field away. */
export type ProfileInput = string | ({ readonly extends: string } & PartialDeep<Profile>);

type PartialDeep<T> = T extends object ? { readonly [K in keyof T]?: PartialDeep<T[K]> | undefined } : T;

export type ReportFormat = "json" | "html" | "junit";

/** What `ringtrue.config.ts` exports. */
export interface Config {
  readonly target: TargetConfig;
  readonly world?: WorldConfig;
  readonly suite?: SuiteConfig;
  /** Every limit a requirement measures against, in milliseconds. */
  readonly deadlines?: Partial<Deadlines>;
  /**
   * Numbers of the simulated phones: with servers `dozeMaintenanceWindowMs` and `highPriorityWindowMs` of Android ones, with clients
   * those of docs/configuration.md.
   *
   * @default {} each as documented
   */
  readonly os?: Readonly<Record<string, number>>;
  /** Fails that are known; each must happen, and none past its date. @default [] */
  readonly expectedFailures?: readonly ExpectedFailure[];
  readonly reports?: {
    /** @default "ringtrue-report" */
    readonly directory?: string;
    /** @default all of them */
    readonly formats?: readonly ReportFormat[];
  };
}

export interface TargetConfig {
  readonly name: string;
  readonly version: string;
  readonly vendor?: string;
  readonly contact?: string;
  /** @default "server" */
  readonly role?: Role;
  /** @default "rfc8599" */
  readonly profile?: ProfileInput;
  /** What the target declares of itself. Undeclared is not applicable. */
  readonly features?: Partial<Features>;
  /** One definition, or several that are started in order. */
  readonly start: TargetDefinition | readonly TargetDefinition[];
  /** Needed for servers. */
  readonly sip?: {
    /**
     * `udp:host:port`, or with tcp, tls, ws or wss; one or one per transport; or made from the world, which knows free ports. Servers
     * need it; clients have none: they are told where to register.
     */
    readonly address?: FromWorld<string | readonly string[]>;
    /** @default "example.test" */
    readonly domain?: string;
    /** Whom callers and phones believe on `tls` and `wss`. */
    readonly tls?: {
      /** Authorities, PEM. @default the test authority of the run, which issues `world.tls.certificateFile` */
      readonly caFile?: string;
      /** The name the certificate must carry, also sent as SNI. @default the host of the address */
      readonly serverName?: string;
    };
    /** Path of `ws` and `wss`. @default "/" */
    readonly wsPath?: string;
  };
  /** Client targets: kind of the canned offer that INVITEs carry. @default "rtp" */
  readonly media?: Media;
  /** @default generatedSubscribers() */
  readonly subscribers?: Subscribers;
  readonly callers?: {
    /** Whether callers register and answer 401 and 407. @default false */
    readonly register?: boolean;
  };
}

export interface WorldConfig {
  /** Address that everything of RingTrue binds to. @default "127.0.0.1" */
  readonly bind?: string;
  /** Name under which the target reaches it. @default `bind` */
  readonly advertise?: string;
  /** Fixed ports for a lab. @default {} any free ones */
  readonly ports?: WorldPorts;
}

/** `deviceLink`: where adapters of client targets connect by WebSocket. */
export interface WorldPorts {
  readonly apns?: number;
  readonly fcm?: number;
  readonly deviceLink?: number;
}

export interface SuiteConfig {
  /** Ids. @default all */
  readonly scenarios?: readonly string[];
  /** Ids. @default all */
  readonly requirements?: readonly string[];
  /** Generated cases per scenario. @default 100 */
  readonly runs?: number;
  /** @default a new one in each run, which the report names */
  readonly seed?: number;
  /** Cases at once, at most. @default 32 */
  readonly concurrency?: number;
  /** Whether failing shoulds fail the run. @default false */
  readonly strict?: boolean;
}

/** A config with every default filled in; the profile is still as given. */
export interface QualifiedConfig {
  readonly target: {
    readonly name: string;
    readonly version: string;
    readonly vendor?: string;
    readonly contact?: string;
    readonly role: Role;
    readonly profile: ProfileInput;
    readonly features: Features;
    readonly start: readonly TargetDefinition[];
    readonly sip: {
      readonly address: FromWorld<readonly string[]>;
      readonly domain: string;
      readonly tls: { readonly caFile?: string; readonly serverName?: string };
      readonly wsPath: string;
    };
    readonly media: Media;
    readonly subscribers: Subscribers;
    readonly callers: { readonly register: boolean };
  };
  readonly world: {
    readonly bind: string;
    readonly advertise?: string;
    readonly ports: WorldPorts;
  };
  readonly suite: {
    readonly scenarios?: readonly string[];
    readonly requirements?: readonly string[];
    readonly runs: number;
    readonly seed?: number;
    readonly concurrency: number;
    readonly strict: boolean;
  };
  readonly deadlines: Deadlines;
  readonly os: Readonly<Record<string, number>>;
  readonly expectedFailures: readonly ExpectedFailure[];
  readonly reports: { readonly directory: string; readonly formats: readonly ReportFormat[] };
}
