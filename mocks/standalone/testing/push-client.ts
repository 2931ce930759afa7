import { connect, constants } from "node:http2";
import type { ApnsMock } from "../apns-mock.ts";
import type { FcmMock } from "../fcm-mock.ts";

export interface Answered {
  /** 0: the stream was reset. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One POST over a connection of its own. */
export async function post(
  { url, caPem }: { readonly url: string; readonly caPem: string },
  path: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Answered> {
  const session = connect(url, { ca: caPem });
  try {
    return await new Promise<Answered>((resolve, reject) => {
      session.once("error", reject);
      const stream = session.request({ ":method": "POST", ":path": path, ...headers });
      let answer: Answered = { status: 0, headers: {}, body: "" };
      stream.on("response", (fields) => {
        const text = Object.entries(fields).map(([name, value]) => [name, String(value)] as const);
        answer = { ...answer, status: fields[":status"] ?? 0, headers: Object.fromEntries(text) };
      });
      stream.setEncoding("utf8").on("data", (chunk: string) => (answer = { ...answer, body: answer.body + chunk }));
      stream.once("error", () => {});
      stream.once("close", () =>
        resolve(stream.rstCode === constants.NGHTTP2_NO_ERROR ? answer : { ...answer, status: 0 }),
      );
      stream.end(body);
    });
  } finally {
    session.destroy();
  }
}

/** A VoIP push with nothing wrong, but for what `headers` changes. */
export async function pushApns(
  apns: ApnsMock,
  token: string,
  headers: Readonly<Record<string, string>> = {},
  payload: unknown = { callUUID: "6f1c2a3e-0000-4000-8000-000000000001" },
): Promise<Answered> {
  return await post(
    apns,
    `/3/device/${token}`,
    {
      authorization: `bearer ${apns.providerToken()}`,
      "apns-topic": "com.example.phone.voip",
      "apns-push-type": "voip",
      "apns-priority": "10",
      "apns-expiration": "0",
      ...headers,
    },
    JSON.stringify(payload),
  );
}

/** A message for a call with nothing wrong, but for what `android` changes. */
export async function pushFcm(
  fcm: FcmMock,
  token: string,
  android: unknown = { priority: "HIGH", ttl: "20s" },
): Promise<Answered> {
  return await post(
    fcm,
    `/v1/projects/${fcm.credentials.projectId}/messages:send`,
    { authorization: `Bearer ${await fcm.accessToken()}`, "content-type": "application/json" },
    JSON.stringify({ message: { token, data: { callUUID: "6f1c2a3e" }, android } }),
  );
}
