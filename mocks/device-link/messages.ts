import type { z } from "zod";
import { androidMessages } from "./android-messages.ts";
import { iosMessages } from "./ios-messages.ts";
import type { MessageDefinition } from "./message-definition.ts";
import { processMessages } from "./process-messages.ts";
import { sharedMessages } from "./shared-messages.ts";

/** Every method of the device link, by name. */
export const messages = {
  ...processMessages,
  ...iosMessages,
  ...androidMessages,
  ...sharedMessages,
} satisfies Readonly<Record<string, MessageDefinition>>;

type Messages = typeof messages;
type MethodOf<Kind> = { [M in keyof Messages]: Messages[M] extends Kind ? M : never }[keyof Messages];
type ParamsOf<M extends keyof Messages> = Data<z.infer<Messages[M]["params"]>>;
type ResultOf<M extends keyof Messages> = Messages[M] extends { readonly result: infer R extends z.ZodType }
  ? Data<z.infer<R>>
  : never;
type Request = { readonly kind: "request" };

/** Plain data nobody may change. */
type Data<T> = T extends readonly (infer Item)[]
  ? readonly Data<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: Data<T[Key]> }
    : T;

export type Method = keyof Messages;

/** What RingTrue asks of an app: params and result by method. */
export type HarnessRequests = {
  readonly [M in MethodOf<Request & { readonly from: "harness" }>]: {
    readonly params: ParamsOf<M>;
    readonly result: ResultOf<M>;
  };
};

/** What an app asks of RingTrue: params and result by method. */
export type AppRequests = {
  readonly [M in MethodOf<Request & { readonly from: "app" }>]: {
    readonly params: ParamsOf<M>;
    readonly result: ResultOf<M>;
  };
};

/** What an app tells RingTrue: params by method. */
export type AppNotifications = {
  readonly [M in MethodOf<{ readonly kind: "notification" }>]: { readonly params: ParamsOf<M> };
};

/** A request of the app's that fits its schema, told apart by `method`. */
export type AppRequest = {
  readonly [M in keyof AppRequests]: { readonly method: M; readonly params: AppRequests[M]["params"] };
}[keyof AppRequests];

/** A notification of the app's that fits its schema, but `device.died`, told apart by `method`. */
export type AppNotification = {
  readonly [M in Exclude<keyof AppNotifications, "device.died">]: {
    readonly method: M;
    readonly params: AppNotifications[M]["params"];
  };
}[Exclude<keyof AppNotifications, "device.died">];

/** Methods RingTrue sends about one device. */
export type DeviceMethod = Exclude<keyof HarnessRequests, "initialize">;

export type AppFacts = HarnessRequests["initialize"]["result"];
export type LinkProfile = HarnessRequests["initialize"]["params"]["profile"];
export type LinkAccount = NonNullable<HarnessRequests["device.launch"]["params"]["account"]>;

const byName: ReadonlyMap<string, MessageDefinition> = new Map(Object.entries(messages));

/** The definition of a method, whatever somebody calls it. */
export function messageDefinition(method: string): MessageDefinition | undefined {
  return byName.get(method);
}
