/** The documents that the rules cite. */
export const REQUESTS = "Apple, Sending notification requests to APNs";
export const RESPONSES = "Apple, Handling notification responses from APNs";
export const TOKENS = "Apple, Establishing a token-based connection to APNs";
export const CERTIFICATES = "Apple, Establishing a certificate-based connection to APNs";
export const VOIP = "Apple, Responding to VoIP Notifications from PushKit";
