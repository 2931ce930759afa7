import type { AndroidState } from "../../harness/plan/plan.ts";
import { appLife } from "../os/app-life.ts";
import type { Admission, EmitOsEvent, PhoneOs, PushPriority } from "../os/phone-os.ts";
import type { PowerNumbers } from "./power-numbers.ts";

export interface AndroidPhoneOptions {
  readonly running: boolean;
  readonly token: string;
  readonly state: AndroidState;
  readonly numbers: PowerNumbers;
  /** Milliseconds on the run's clock. */
  readonly now: () => number;
}

/**
 * As much of Android as a server can notice (Google, "Set and manage message priority"). A data message starts the app, one that
 * was killed too, and the app shows the call; only an app whose user forced it to stop gets nothing, and no plan has one. In
 * Doze a message of normal priority waits, and one of high priority comes at once. A deprioritised app gets what was sent as
 * high as if it were normal.
 */
export function androidPhone(options: AndroidPhoneOptions, emit: EmitOsEvent): PhoneOs {
  const { state, numbers, now } = options;
  const app = appLife(options.running, options.token, emit);
  const { wake } = app;
  let dozing = state.doze;
  let mayRunUntilMs = -Infinity;

  return Object.assign(app, {
    admit(sentAs: PushPriority): Admission {
      const priority = state.deprioritised ? "normal" : sentAs;
      if (priority === "high") mayRunUntilMs = now() + numbers.highPriorityWindowMs;
      if (!dozing || now() <= mayRunUntilMs) return { kind: "now", priority };
      return { kind: "held", why: "the phone is in Doze", forMs: numbers.dozeMaintenanceWindowMs, priority };
    },
    wake(why: "push" | "user" | "network") {
      // Somebody holds the phone and the screen is on: that ends Doze.
      if (why === "user") dozing = false;
      wake(why);
    },
  });
}
