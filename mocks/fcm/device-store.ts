import type { DeviceStore, KeptPush } from "../push/device-store.ts";

/** Firebase, "Set the lifespan of a message": non-collapsible messages stored per device before all are discarded. */
const MAX_STORED = 100;
/** Firebase, "Non-collapsible and collapsible messages": collapse keys in use at any given time per device. */
const MAX_COLLAPSE_KEYS = 4;

export interface FcmDeviceStoreOptions {
  /**
   * Which message goes when a fifth collapse key comes: an index into the keys in use, oldest first and the new one last.
   * Google does not say which four are kept.
   * @default the oldest
   */
  readonly chooseDropped?: (collapseKeys: readonly string[]) => number;
}

/**
 * What FCM keeps for Android devices it cannot reach: of each collapse key the newest message and four keys at most, and a
 * hundred messages without a key; the hundred-and-first makes it discard all of these, and the app is told when it is back
 * (`onDeletedMessages`): `discarded` is not empty then.
 */
export function fcmDeviceStore<P>(options: FcmDeviceStoreOptions = {}): DeviceStore<P> {
  const { chooseDropped = () => 0 } = options;
  const devices = new Map<string, KeptPush<P>[]>();

  return {
    keep(token, kept) {
      if (!kept.delivery.stored) return { isKept: false };
      const waiting = devices.get(token) ?? [];
      const { slot } = kept.delivery;
      const same = slot === undefined ? -1 : waiting.findIndex(({ delivery }) => delivery.slot === slot);
      const [replaced] = same === -1 ? [] : waiting.splice(same, 1);
      waiting.push(kept);
      const discarded = slot === undefined ? overflow(waiting) : dropCollapsed(waiting);
      devices.set(
        token,
        waiting.filter((one) => !discarded.includes(one)),
      );
      return {
        isKept: !discarded.includes(kept),
        ...(replaced === undefined ? {} : { replaced: replaced.push }),
        ...(discarded.length === 0 ? {} : { discarded: discarded.map(({ push }) => push) }),
      };
    },
    release(token, nowMs) {
      const waiting = devices.get(token) ?? [];
      devices.delete(token);
      const isExpired = ({ delivery }: KeptPush<P>) => (delivery.expiresAtMs ?? Number.POSITIVE_INFINITY) <= nowMs;
      return { deliver: waiting.filter((one) => !isExpired(one)), expired: waiting.filter(isExpired) };
    },
  };

  /** All that have no collapse key, where there are too many. */
  function overflow(waiting: readonly KeptPush<P>[]): readonly KeptPush<P>[] {
    const plain = waiting.filter(({ delivery }) => delivery.slot === undefined);
    return plain.length > MAX_STORED ? plain : [];
  }

  function dropCollapsed(waiting: readonly KeptPush<P>[]): readonly KeptPush<P>[] {
    const collapsible = waiting.filter(({ delivery }) => delivery.slot !== undefined);
    if (collapsible.length <= MAX_COLLAPSE_KEYS) return [];
    const dropped = collapsible[chooseDropped(collapsible.map(({ delivery }) => delivery.slot ?? ""))];
    return dropped === undefined ? [] : [dropped];
  }
}
