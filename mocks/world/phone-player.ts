import type { Phone, PushHandling } from "../../harness/plan/plan.ts";
import type { CallRef } from "../../harness/trace/trace-event.ts";
import { iosPhone } from "../ios/ios-phone.ts";
import type { CaseContext } from "./case-context.ts";
import type { PhonePersona } from "./identities.ts";
import { phoneCalls } from "./phone-calls.ts";
import { phoneSignalling } from "./phone-signalling.ts";
import { acceptAndDeliver } from "./push-path.ts";
import type { WireFaults } from "./wire-faults.ts";

/** One phone: its operating system, the app's SIP side, and the user who holds it. */
export interface PhonePlayer {
  readonly wire: WireFaults;
  readonly token: string;
  /** Epoch milliseconds of the newest registration that was answered 2xx. */
  readonly registeredAtMs: number;
  /** Registers and then goes to the signalling state the plan starts from. */
  setUp(): Promise<void>;
  /** How the plan wants the next push to this phone handled; each call takes one. */
  nextHandling(): PushHandling;
  /** A push reached the phone. */
  deliver(call: CallRef | undefined): void;
  wake(): void;
  register(): void;
  logOut(): void;
  rotateToken(): void;
  killApp(): void;
  loseNetwork(): void;
  answer(call: CallRef): void;
  decline(call: CallRef, status: number): void;
  hangUp(call: CallRef): void;
  /** The phone has sent 180 for a live INVITE of that call, and nobody has decided yet. */
  ringsFor(call: CallRef): boolean;
  /** False while it has no network: pushes do not reach it. */
  readonly reachable: boolean;
  /** Registrations whose answer is awaited. */
  readonly registering: number;
  /** Ends what is still up and removes its binding, after the trace was taken. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** How long past its expiry a binding is taken for gone. */
const PAST_EXPIRY_MS = 700;

export function phonePlayer(context: CaseContext, phone: Phone, persona: PhonePersona): PhonePlayer {
  const { recorder, facts, clock } = context;
  let tokens = 0;
  let pushes = 0;
  let reachable = true;

  const os = { from: "os", to: "phone", by: "world", phone: persona.ref } as const;
  const ios = iosPhone(false, persona.token(0), (event, call) => {
    recorder.record(call === undefined ? os : { ...os, call }, event);
  });
  const signalling = phoneSignalling(context, persona, (leg) => calls.onInvite(leg));
  const calls = phoneCalls(context, persona.ref, ios, () => signalling.flow);

  /** Leaves the connected, registered phone as the plan wants it before the first step. */
  async function fallAsleep(): Promise<void> {
    switch (phone.signalling) {
      case "connected":
        ios.wake("user");
        return;
      case "silent":
      case "half-dead":
        signalling.silence();
        break;
      case "logged-out":
        await signalling.unregister();
        await signalling.close();
        break;
      case "closed":
        await signalling.close();
        break;
      case "expired":
        await signalling.close();
        await new Promise<void>((resolve) => {
          clock.after((facts.features.minExpiresS ?? 0) * 1_000 + PAST_EXPIRY_MS, resolve);
        });
        break;
    }
    if (phone.app === "killed") ios.terminate("killed by the user");
    else ios.suspend();
  }

  return {
    wire: signalling.wire,
    get token() {
      return ios.token;
    },
    get registeredAtMs() {
      return signalling.registeredAtMs;
    },
    get reachable() {
      return reachable;
    },
    get registering() {
      return signalling.registering;
    },
    nextHandling() {
      pushes += 1;
      return phone.pushes[pushes - 1] ?? acceptAndDeliver;
    },
    async setUp() {
      context.attribution.issue(ios.token, context.port, persona.ref);
      if (!(await signalling.open())) return;
      await signalling.register(ios.token, phone.signalling === "expired" ? facts.features.minExpiresS : undefined);
      await fallAsleep();
    },
    deliver(call) {
      // The system starts the app in the background and CallKit shows the call, long before the app is connected.
      if (!ios.running) ios.wake("push");
      if (call !== undefined) ios.showCall(call, "push");
    },
    wake() {
      reachable = true;
      if (!ios.running) ios.wake("user");
      void signalling.refresh(ios.token, false);
    },
    register: () => void signalling.refresh(ios.token, false),
    logOut: () => void signalling.unregister(),
    rotateToken() {
      tokens += 1;
      const previous = ios.token;
      ios.issueToken(persona.token(tokens));
      context.attribution.issue(ios.token, context.port, persona.ref, previous);
      // A token in the Contact makes another Contact of it. Over a new flow the old one can be removed by its address,
      // which RFC 3261 19.1.4 would not tell from the new one otherwise.
      void signalling.refresh(ios.token, facts.profile.registration.contactParams !== undefined);
    },
    killApp() {
      ios.terminate("killed by the user");
      signalling.drop();
    },
    loseNetwork() {
      reachable = false;
      signalling.silence();
    },
    answer: (call) => calls.decide(call, undefined),
    decline: (call, status) => calls.decide(call, status),
    hangUp: (call) => calls.hangUp(call),
    ringsFor: (call) => calls.ringsFor(call),
    async leave() {
      calls.leave();
      await signalling.unregister();
    },
    close: () => signalling.dispose(),
  };
}
