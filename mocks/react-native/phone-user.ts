import type { AndroidDevice } from "../android/android-device.ts";
import type { IosDevice } from "../ios/ios-device.ts";

/**
 * The person with the phone. A call's id may be left out where only one call is meant; false: the screen offers no such thing at
 * this moment.
 */
export interface PhoneUser {
  /** Opens the app, or brings it to the front. */
  open(): void;
  /** Goes to another app. */
  leave(): void;
  /** Swipes the app away. */
  swipeAway(): void;
  answer(id?: string): boolean;
  decline(id?: string): boolean;
  hangUp(id?: string): boolean;
}

export function phoneUser(device: IosDevice | AndroidDevice): PhoneUser {
  const life = { open: () => device.foreground(), leave: () => device.background() };
  if (!("resetProvider" in device)) {
    const { user } = device;
    const options = (id: string | undefined) => (id === undefined ? {} : { connectionId: id });
    return {
      ...life,
      swipeAway: () => device.removeTask(),
      answer: (id) => user.answer(options(id)).kind === "done",
      decline: (id) => user.decline(options(id)).kind === "done",
      hangUp: (id) => user.hangUp(options(id)).kind === "done",
    };
  }
  const { user } = device;
  const ringing = (): string => device.calls().find(({ state }) => state === "ringing")?.callUUID ?? "";
  const going = (): string => device.calls().find(({ state }) => state !== "ringing")?.callUUID ?? "";
  return {
    ...life,
    swipeAway: () => device.terminate("swiped away"),
    answer: (id = ringing()) => user.answer(id),
    decline: (id = ringing()) => user.decline(id),
    hangUp: (id = going()) => user.hangUp(id),
  };
}
