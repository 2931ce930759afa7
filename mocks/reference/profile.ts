export type Platform = "ios" | "android";
type PayloadPointer = string | { readonly ios: string; readonly android: string };

/** As much of a vendor dialect as a push server needs to know (the environment hands it over as JSON). */
export interface Profile {
  readonly payload: {
    readonly callUUID?: PayloadPointer;
    readonly callId?: PayloadPointer;
    readonly hint?: PayloadPointer;
    readonly handle?: PayloadPointer;
    readonly callerName?: PayloadPointer;
    readonly video?: PayloadPointer;
  };
  readonly correlation: { readonly sip: string };
  readonly registration: {
    readonly contactParams?: Readonly<Record<string, string>>;
    readonly header?: { readonly name: string; readonly value: string };
  };
  readonly tokenLifetime: "binding" | "until-unregistered";
}

/** Tokens in the Contact URI (RFC 8599 4.1.1), and payload members a client of one's own would choose. */
export const plainProfile: Profile = {
  payload: {
    callUUID: "/callUUID",
    callId: "/callId",
    handle: "/handle",
    callerName: "/callerName",
    video: "/hasVideo",
  },
  correlation: { sip: "call-id" },
  registration: { contactParams: { "pn-provider": "<provider>", "pn-param": "<param>", "pn-prid": "<token>" } },
  tokenLifetime: "binding",
};

/** The JSON pointer into what is pushed to phones of that platform. */
export function pointerFor(platform: Platform, pointer: PayloadPointer): string {
  return typeof pointer === "string" ? pointer : pointer[platform];
}

/** The header of the INVITE that must repeat the push's correlate; undefined where the Call-ID does that. */
export function correlationHeader(profile: Profile): string | undefined {
  const { sip } = profile.correlation;
  return sip === "" || sip === "call-id" ? undefined : sip;
}
