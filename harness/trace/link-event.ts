/**
 * A message of the device link (client role), between `os` and `target`; or what an adapter did against the contract. What a message
 * leads to on the phone is an event of its own: judges read those, and these for order and evidence.
 */
export type LinkEvent =
  | { readonly kind: "link.request"; readonly id: string; readonly method: string; readonly params: unknown }
  /** `request` is the `id` of what it answers; there is `error`, or there is none. */
  | {
      readonly kind: "link.reply";
      readonly request: string;
      readonly method: string;
      readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown };
    }
  /** No reply came in time, or none will come. */
  | { readonly kind: "link.unanswered"; readonly request: string; readonly method: string; readonly why: string }
  | { readonly kind: "link.notification"; readonly method: string; readonly params: unknown }
  /** The contract was broken: `problem` is the kebab-case name of how, `why` one sentence. */
  | { readonly kind: "link.problem"; readonly problem: string; readonly why: string };
