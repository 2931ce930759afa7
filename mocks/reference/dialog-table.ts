import { callIdOf, tagOf } from "./sip-fields.ts";
import type { SipMessage, SipRequest } from "./sip-message.ts";
import type { Flow } from "./transport.ts";

/** A dialog that runs through a proxy: over which flow each side is reached. */
export interface Dialog {
  readonly name: string;
  readonly callerTag: string;
  readonly aor: string;
  readonly device: string;
  callerFlow: Flow;
  phoneFlow: Flow;
  usedAtMs: number;
}

export interface DialogTable {
  /** Notes the dialog a response makes (early ones too). */
  note(response: SipMessage, dialog: Pick<Dialog, "aor" | "device" | "callerFlow" | "phoneFlow">): void;
  /** The dialog a request belongs to and which side sent it. */
  find(request: SipRequest): { readonly dialog: Dialog; readonly from: "caller" | "phone" } | undefined;
  forget(dialog: Dialog): void;
}

/** Longer than any call here lasts: what is older was left behind by a phone that vanished. */
const FORGET_MS = 4 * 3_600_000;
const SWEEP_EVERY = 1000;

export function dialogTable(nowMs: () => number): DialogTable {
  const dialogs = new Map<string, Dialog>();
  let notes = 0;
  const key = (callId: string, callerTag: string, phoneTag: string): string => `${callId}|${callerTag}|${phoneTag}`;
  const sweep = (): void => {
    notes += 1;
    if (notes % SWEEP_EVERY !== 0) return;
    for (const [name, dialog] of dialogs) if (nowMs() - dialog.usedAtMs > FORGET_MS) dialogs.delete(name);
  };
  return {
    note: (response, dialog) => {
      const callerTag = tagOf(response, "from");
      const phoneTag = tagOf(response, "to");
      if (callerTag === undefined || phoneTag === undefined) return;
      const name = key(callIdOf(response), callerTag, phoneTag);
      const known = dialogs.get(name);
      if (known === undefined) dialogs.set(name, { ...dialog, name, callerTag, usedAtMs: nowMs() });
      else known.phoneFlow = dialog.phoneFlow;
      sweep();
    },
    find: (request) => {
      const callId = callIdOf(request);
      const from = tagOf(request, "from") ?? "";
      const to = tagOf(request, "to") ?? "";
      const byCaller = dialogs.get(key(callId, from, to));
      const dialog = byCaller ?? dialogs.get(key(callId, to, from));
      if (dialog === undefined) return undefined;
      dialog.usedAtMs = nowMs();
      return { dialog, from: byCaller === undefined ? "phone" : "caller" };
    },
    forget: (dialog) => void dialogs.delete(dialog.name),
  };
}
