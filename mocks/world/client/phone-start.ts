import type { Phone } from "../../../harness/plan/plan.ts";
import type { RunFacts } from "../../../harness/trace/run-facts.ts";
import type { SipSocket } from "../../sip/sip-socket.ts";
import type { PhoneLink } from "./phone-link.ts";
import type { PhoneRegistrar } from "./phone-registrar.ts";
import type { PhoneSystem } from "./phone-system.ts";
import type { WaitRoom } from "./wait-room.ts";

export interface PhoneStartOptions {
  readonly phone: Phone;
  readonly facts: RunFacts;
  readonly system: PhoneSystem;
  readonly registrar: PhoneRegistrar;
  readonly link: Pick<PhoneLink, "open">;
  readonly room: WaitRoom;
  /** The app's flows that are not closed. */
  readonly flows: () => readonly SipSocket[];
}

/** Any reply of an app comes, or is given up, by then. */
const REPLY_MS = 12_000;
/** How long a first REGISTER may take beyond what an app has for its reactions. */
const REGISTER_MS = 3_000;
/** How long one without the push fields may be followed by one with them. */
const PUSH_FIELDS_MS = 1_000;
/** How long the sockets of a process that is gone may take to go. */
const SOCKETS_MS = 300;

/**
 * Brings a phone to where its plan begins: the user opens the app, it registers with its token, and then it is sent to where the plan
 * wants it. An app that does not start or register is left as it is.
 */
export async function phoneStart(options: PhoneStartOptions): Promise<void> {
  const { phone, facts, system, registrar, link, room, flows } = options;
  const settled = async (): Promise<boolean> => await room.until(() => link.open() === 0, REPLY_MS);

  system.open();
  await room.until(() => system.phase() !== "starting", REPLY_MS);
  if (system.phase() === "off") return;
  if (phone.signalling !== "logged-out") {
    await room.until(() => registrar.hasBound(), facts.deadlines.appReactsMs + REGISTER_MS);
    if (registrar.hasBound()) await room.until(() => registrar.hasBoundWith(system.token()), PUSH_FIELDS_MS);
  }
  await settled();
  switch (phone.app) {
    case "foreground":
      break;
    case "background":
      system.background();
      break;
    case "suspended":
      system.background();
      system.suspend();
      break;
    case "killed":
      system.kill();
      break;
  }
  await settled();
  if (phone.app === "killed") await room.until(() => flows().every(({ transport }) => transport === "udp"), SOCKETS_MS);
  if (phone.android?.doze === true) system.enterDoze();
}
