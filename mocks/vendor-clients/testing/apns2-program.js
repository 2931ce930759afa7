// A sender of pushes that is built on apns2, as its documentation says to.
import { ApnsClient, Notification } from "apns2";
import { serveCalls } from "./serve-calls.js";

let client;

serveCalls({
  use({ teamId, keyId, p8Pem, topic, ...options }) {
    client = new ApnsClient({ team: teamId, keyId, signingKey: p8Pem, defaultTopic: topic, ...options });
  },
  async send(notifications) {
    const sent = await client.sendMany(notifications.map(({ token, ...rest }) => new Notification(token, rest)));
    return sent.map(({ error }) =>
      error === undefined ? "ok" : { status: error.statusCode, message: error.message, ...error.response },
    );
  },
});
