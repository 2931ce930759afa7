import type { DeviceStore, KeptPush } from "../push/device-store.ts";

/**
 * Store and forward of APNs: of the pushes to one device it keeps one per slot, which is the topic (see
 * `ApnsProfile.topicSlot`), until it expires (Apple, "Sending notification requests to APNs", Overview: "APNs stores only one
 * notification per bundle ID"). That the newest is the one kept "isn't always guaranteed"; here it is.
 *
 * `unstored`: a push with `apns-expiration: 0` gets one attempt. That may take its time ("the notification may deliver with
 * some delay"), and such pushes were seen to arrive half a minute later, when the phone was back: `late` delivers them so.
 */
export function apnsDeviceStore<P>({
  unstored = "dropped",
}: { readonly unstored?: "dropped" | "late" } = {}): DeviceStore<P> {
  const devices = new Map<string, ReadonlyMap<string, KeptPush<P>>>();
  return {
    keep(token, kept) {
      const { stored, slot = "" } = kept.delivery;
      if (!stored && unstored === "dropped") return { isKept: false };
      const slots = new Map(devices.get(token));
      const before = slots.get(slot);
      // Entered anew, so that the order is that of arrival.
      slots.delete(slot);
      devices.set(token, slots.set(slot, kept));
      return { isKept: true, ...(before === undefined ? {} : { replaced: before.push }) };
    },
    release(token, nowMs) {
      const kept = [...(devices.get(token)?.values() ?? [])];
      devices.delete(token);
      const isExpired = ({ delivery }: KeptPush<P>) => nowMs > (delivery.expiresAtMs ?? Infinity);
      return { deliver: kept.filter((push) => !isExpired(push)), expired: kept.filter(isExpired) };
    },
  };
}
