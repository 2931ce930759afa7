/** What is wrong with a plan: the field, and a sentence about it. */
export type Wrong = readonly [path: string, message: string];
