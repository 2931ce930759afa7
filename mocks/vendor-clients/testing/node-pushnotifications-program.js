// A sender of both kinds of pushes that is built on node-pushnotifications, as its documentation says to.
import PushNotifications from "node-pushnotifications";
import { serveCalls } from "./serve-calls.js";

let push;

serveCalls({
  use({ teamId, keyId, p8Pem }, serviceAccountKey) {
    push = new PushNotifications({
      isAlwaysUseFCM: false,
      apn: { token: { key: p8Pem, keyId, teamId }, production: true },
      fcm: { appName: "phone", serviceAccountKey },
    });
  },
  async send(tokens, data) {
    const results = await push.send(tokens, data);
    return results.map(({ method, success, failure, message }) => ({
      method,
      success,
      failure,
      errors: [...new Set(message.flatMap(({ errorMsg }) => errorMsg ?? []))],
    }));
  },
});
