import type { RegistrarAnswer } from "../../../harness/plan/plan.ts";
import type { Profile } from "../../../harness/trace/run-facts.ts";
import type { RegisterAnswer, RegistrarEvent } from "../../sip/registrar.ts";

/** What becomes of the REGISTERs of one phone. */
export interface PhoneRegistrar {
  /** From now on; what was held is answered so too, unless it goes on being held. */
  answers(answer: RegistrarAnswer): void;
  answer(): RegisterAnswer | Promise<RegisterAnswer>;
  said(event: RegistrarEvent): void;
  /** A REGISTER was accepted that bound something. */
  hasBound(): boolean;
  /** ... with this push token, where the profile has a place for it. */
  hasBoundWith(token: string | undefined): boolean;
  /** Nothing is answered any more. */
  close(): void;
}

export function phoneRegistrar(profile: Profile): PhoneRegistrar {
  let how: RegistrarAnswer = "accept";
  let held: ((answer: RegisterAnswer) => void)[] = [];
  let hasBound = false;
  const tokens = new Set<string | undefined>();

  function release(answer: RegisterAnswer): void {
    const waiting = held;
    held = [];
    for (const settle of waiting) settle(answer);
  }

  return {
    answers(next) {
      how = next;
      if (next !== "hold") release(answerOf(next));
    },
    answer: () => (how === "hold" ? new Promise((resolve) => held.push(resolve)) : answerOf(how)),
    said(event) {
      if (event.kind !== "registered") return;
      for (const { push } of event.added) tokens.add(push.token);
      hasBound ||= event.added.length > 0;
    },
    hasBound() {
      return hasBound;
    },
    hasBoundWith: (token) => hasBound && (!carriesToken(profile) || tokens.has(token)),
    close: () => release({ kind: "silence" }),
  };
}

function answerOf(how: Exclude<RegistrarAnswer, "hold">): RegisterAnswer {
  return how === "accept" || how === "silence" ? { kind: how } : { kind: "reject", status: how };
}

/** RFC 8599 4.1.1 where the profile has nothing of its own. */
function carriesToken({ registration: { contactParams, header } }: Profile): boolean {
  if (contactParams === undefined && header === undefined) return true;
  return [...Object.values(contactParams ?? {}), header?.value ?? ""].some((text) => text.includes("<token>"));
}
