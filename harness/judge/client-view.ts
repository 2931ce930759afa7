import { oncePer } from "../once-per.ts";
import { eventsOf } from "../trace/query.ts";
import type { CallIdentity, Trace } from "../trace/trace.ts";
import type { CallRef, PhoneRef, Platform } from "../trace/trace-event.ts";
import { sameUri } from "../wire/sip-uri.ts";
import { phonesOf, type PhoneView } from "./call-view-phones.ts";
import { androidCallsOf } from "./client-view-android.ts";
import type { ShownCall, UserAct } from "./client-view-calls.ts";
import { iosPhoneOf } from "./client-view-ios.ts";
import { legsOf, type Leg } from "./client-view-legs.ts";
import { lifeOf, type LifeChange } from "./client-view-life.ts";
import { clientPushesOf, type ClientPush } from "./client-view-pushes.ts";

/** A phone with the app under test on it, taken apart. Registrations and flows are those of `PhoneView`. */
export interface ClientPhone extends PhoneView {
  readonly platform: Platform;
  readonly life: readonly LifeChange[];
  readonly pushes: readonly ClientPush[];
  /** The INVITEs to it. */
  readonly legs: readonly Leg[];
  /** The calls it showed, in order. */
  readonly shown: readonly ShownCall[];
  readonly acts: readonly UserAct[];
}

/** One call of the plan at one phone of its account: what every judge of call flow in the client role looks at. */
export interface ClientCall {
  readonly ref: CallRef;
  readonly identity: CallIdentity;
  readonly phone: ClientPhone;
  readonly pushes: readonly ClientPush[];
  readonly legs: readonly Leg[];
  readonly shown: readonly ShownCall[];
  readonly acts: readonly UserAct[];
}

/** The phones of a case in the client role; none for a trace without a plan. */
export function clientPhonesOf(trace: Trace, platform?: Platform): readonly ClientPhone[] {
  const all = allPhonesOf(trace);
  return platform === undefined ? all : all.filter((phone) => phone.platform === platform);
}

/** Every call at every phone of its account. */
export function clientCallsOf(trace: Trace, platform?: Platform): readonly ClientCall[] {
  const all = allCallsOf(trace);
  return platform === undefined ? all : all.filter(({ phone }) => phone.platform === platform);
}

const allPhonesOf = oncePer((trace: Trace): readonly ClientPhone[] =>
  trace.facts.role === "client" ? phonesOf(trace).flatMap((view) => clientPhone(trace, view)) : [],
);

const allCallsOf = oncePer((trace: Trace): readonly ClientCall[] =>
  Object.entries(trace.identities?.calls ?? {}).flatMap(([name, identity]) =>
    clientPhonesOf(trace)
      .filter((phone) => sameUri(phone.identity.aor, identity.calleeAor))
      .map((phone) => callAt(name as CallRef, identity, phone)),
  ),
);

function clientPhone(trace: Trace, view: PhoneView): readonly ClientPhone[] {
  const platform = trace.plan?.phones[Number(view.ref.slice("phone:".length)) - 1]?.platform;
  if (platform === undefined) return [];
  return [
    {
      ...view,
      platform,
      life: lifeOf(trace, view.ref),
      pushes: clientPushesOf(trace, view.ref, platform),
      legs: legsOf(trace, view.ref),
      shown: platform === "ios" ? iosPhoneOf(trace, view.ref).calls : androidCallsOf(trace, view.ref),
      acts: actsOf(trace, view.ref),
    },
  ];
}

function actsOf(trace: Trace, phone: PhoneRef): readonly UserAct[] {
  return (["user.answered", "user.declined", "user.hung-up", "user.held"] as const)
    .flatMap((kind): readonly UserAct[] => eventsOf(trace, kind))
    .filter((event) => event.phone === phone)
    .toSorted((a, b) => a.seq - b.seq);
}

function callAt(ref: CallRef, identity: CallIdentity, phone: ClientPhone): ClientCall {
  const isMine = ({ call }: { readonly call?: CallRef | undefined }) => call === ref;
  return {
    ref,
    identity,
    phone,
    pushes: phone.pushes.filter(isMine),
    legs: phone.legs.filter(isMine),
    shown: phone.shown.filter(isMine),
    acts: phone.acts.filter(isMine),
  };
}
