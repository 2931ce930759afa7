// What a build of the app may set.
export const settings = {
  /** How long a call that was pushed waits for its INVITE: a cold start, a registration and a slow network fit in. */
  inviteWaitMs: 20_000,
};
