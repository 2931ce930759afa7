/** `refused`: not to be tried again with what is known. `failed`: may be better soon. */
export function registrationOutcome(statusCode) {
  return statusCode === 408 || statusCode >= 500 ? "failed" : "refused";
}
