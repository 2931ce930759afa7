/** What Telecom can ask of an app for its user, for another app, or for itself. */
export type TelecomAct = "answer" | "decline" | "hang-up" | "hold" | "unhold" | "abort" | "silence";
