import type { PushDelivery } from "./push-hooks.ts";

/** A push that waits for its device. `P` is whatever the world needs to deliver it later. */
export interface KeptPush<P> {
  readonly push: P;
  readonly delivery: PushDelivery;
}

/**
 * What a push service keeps for devices it cannot reach: store and forward. Both services have one of their own, as they
 * differ in what takes whose place.
 */
export interface DeviceStore<P> {
  /**
   * Keeps an accepted push for a device that cannot be reached now. Not `isKept`: it gets one attempt only, and that has
   * failed. `replaced` is the stored push whose place it took; `discarded` are all that were thrown away because too many
   * waited (FCM).
   */
  keep(
    token: string,
    kept: KeptPush<P>,
  ): { readonly isKept: boolean; readonly replaced?: P; readonly discarded?: readonly P[] };
  /** The device is back: hands over what is still valid at `nowMs` (epoch), oldest first, and forgets it all. */
  release(
    token: string,
    nowMs: number,
  ): { readonly deliver: readonly KeptPush<P>[]; readonly expired: readonly KeptPush<P>[] };
}
