import { HarnessFault } from "../../harness/errors.ts";
import type { Platform } from "../../harness/trace/trace-event.ts";
import { deviceLine, type DeviceLine, type DeviceSystem, type LineControl } from "./device-line.ts";
import type { Conversation } from "./conversation.ts";
import type { Link, LinkEnd } from "./link.ts";
import type { LinkProblem } from "./link-problem.ts";
import type { AppFacts } from "./messages.ts";
import { turnstile } from "./turnstile.ts";

/** An app, or a host of many apps, at the other end of a link; it agreed on the protocol and passed the probe. */
export interface Adapter {
  /** What it said of itself. */
  readonly facts: AppFacts;
  /**
   * One simulated device on it, in turn once fewer than `maxDevices` are leased; undefined when the adapter ends or `signal`
   * aborts first. The one who leased it releases it.
   *
   * @throws HarnessFault `device-leased-twice` when a device of that name is leased, or waits to be.
   */
  lease(device: LeaseRequest, signal?: AbortSignal): Promise<DeviceLine | undefined>;
  /** Settles when the adapter is gone, whoever ended it; every open request was settled before. Never rejects. */
  readonly ended: Promise<LinkEnd>;
  /** Its last lines of log, oldest first. */
  log(): readonly string[];
  /** Ends the link; resolves with `ended`. */
  close(): Promise<LinkEnd>;
}

export interface LeaseRequest {
  /** Unique on this adapter as long as it is leased. */
  readonly device: string;
  readonly platform: Platform;
  /** What plays its operating system. */
  readonly system: DeviceSystem;
}

export interface AdapterParts {
  readonly link: Link;
  readonly conversation: Conversation;
  readonly facts: AppFacts;
  /** Where the conversation finds the devices. */
  readonly lines: Map<string, LineControl>;
  readonly requestMs: number;
  readonly onProblem: (problem: LinkProblem) => void;
}

export function adapterOn({ link, conversation, facts, lines, requestMs, onProblem }: AdapterParts): Adapter {
  const { peer, ended } = conversation;
  const turns = turnstile(facts.maxDevices ?? Number.POSITIVE_INFINITY);
  const names = new Set<string>();
  void ended.then(() => turns.close());
  return {
    facts,
    ended,
    async lease({ device, platform, system }, signal) {
      if (names.has(device))
        throw new HarnessFault("device-leased-twice", `The device ${device} is leased on this adapter already.`);
      names.add(device);
      if (!(await turns.enter(signal))) {
        names.delete(device);
        return undefined;
      }
      const onRelease = (): void => {
        lines.delete(device);
        names.delete(device);
        turns.leave();
      };
      const { line, control } = deviceLine({ peer, device, platform, system, requestMs, onProblem, onRelease });
      lines.set(device, control);
      return line;
    },
    log: () => link.log(),
    async close() {
      await link.close();
      return await ended;
    },
  };
}
