import type { Phone, PushHandling } from "../../harness/plan/plan.ts";
import type { CallRef } from "../../harness/trace/trace-event.ts";
import { androidPhone } from "../android/android-phone.ts";
import { powerNumbers } from "../android/power-numbers.ts";
import { iosPhone } from "../ios/ios-phone.ts";
import type { Admission, EmitOsEvent, PhoneOs, PushPriority } from "../os/phone-os.ts";
import type { CaseContext } from "./case-context.ts";
import type { PhonePersona } from "./identities.ts";
import { phoneCalls } from "./phone-calls.ts";
import { phoneSignalling } from "./phone-signalling.ts";
import { acceptAndDeliver } from "./push-path.ts";
import type { WireFaults } from "./wire-faults.ts";

/** One phone: its operating system, the app's SIP side, and the user who holds it. */
export interface PhonePlayer {
  readonly wire: WireFaults;
  token(): string;
  /** Epoch milliseconds of the newest registration that was answered 2xx. */
  registeredAtMs(): number;
  /** Registers and then goes to the signalling state the plan starts from. */
  setUp(): Promise<void>;
  /** How the plan wants the next push to this phone handled; each call takes one. */
  nextHandling(): PushHandling;
  /** Whether a push sent with that priority gets through to the app now. */
  admit(priority: PushPriority): Admission;
  /** A push got through to the phone. Without `startsApp` an app that does not run hears nothing of it. */
  deliver(call: CallRef | undefined, startsApp: boolean): void;
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
  reachable(): boolean;
  /** Registrations whose answer is awaited. */
  registering(): number;
  /** Ends what is still up and removes its binding, after the trace was taken. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

/** How long past its expiry a binding is taken for gone. */
const PAST_EXPIRY_MS = 700;

/** `isBack` is told whenever a push that could not get through may try again. */
export function phonePlayer(
  context: CaseContext,
  phone: Phone,
  persona: PhonePersona,
  isBack: () => void,
): PhonePlayer {
  const { recorder, facts, clock } = context;
  let tokens = 0;
  let pushes = 0;
  let reachable = true;

  const lanes = { from: "os", to: "phone", by: "world", phone: persona.ref } as const;
  const os = phoneOs((event, call) => {
    recorder.record(call === undefined ? lanes : { ...lanes, call }, event);
  });
  const signalling = phoneSignalling(context, persona, (leg) => calls.onInvite(leg));
  const calls = phoneCalls(context, persona.ref, os, () => signalling.flow());

  function phoneOs(emit: EmitOsEvent): PhoneOs {
    const [running, token] = [false, persona.token(0)];
    if (phone.platform === "ios") return iosPhone(running, token, emit);
    const state = phone.android ?? { doze: false, deprioritised: false };
    return androidPhone({ running, token, state, numbers: powerNumbers(facts.os), now: () => clock.now() }, emit);
  }

  /** Leaves the connected, registered phone as the plan wants it before the first step. */
  async function fallAsleep(): Promise<void> {
    switch (phone.signalling) {
      case "connected":
        os.wake("user");
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
    if (phone.app === "killed") os.terminate("killed by the user");
    else os.suspend();
  }

  function issue(replaces?: string): void {
    const service = phone.platform === "ios" ? "apns" : "fcm";
    context.attribution.issue(os.token, { service, port: context.port, phone: persona.ref }, replaces);
  }

  return {
    wire: signalling.wire,
    token() {
      return os.token;
    },
    registeredAtMs() {
      return signalling.registeredAtMs();
    },
    reachable() {
      return reachable;
    },
    registering() {
      return signalling.registering();
    },
    nextHandling() {
      pushes += 1;
      return phone.pushes[pushes - 1] ?? acceptAndDeliver;
    },
    async setUp() {
      issue();
      if (!(await signalling.open())) return;
      await signalling.register(os.token, phone.signalling === "expired" ? facts.features.minExpiresS : undefined);
      await fallAsleep();
    },
    deliver(call, startsApp) {
      if (!os.running && !startsApp) return;
      // The system starts the app in the background and the call is shown, long before the app is connected.
      if (!os.running) os.wake("push");
      if (call !== undefined) os.showCall(call, "push");
    },
    admit: (priority) => os.admit(priority),
    wake() {
      reachable = true;
      if (!os.running) os.wake("user");
      isBack();
      void signalling.refresh(os.token, false);
    },
    register: () => void signalling.refresh(os.token, false),
    logOut: () => void signalling.unregister(),
    rotateToken() {
      tokens += 1;
      const previous = os.token;
      os.issueToken(persona.token(tokens));
      issue(previous);
      // A token in the Contact makes another Contact of it. Over a new flow the old one can be removed by its address,
      // which RFC 3261 19.1.4 would not tell from the new one otherwise.
      void signalling.refresh(os.token, facts.profile.registration.contactParams !== undefined);
    },
    killApp() {
      os.terminate("killed by the user");
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
