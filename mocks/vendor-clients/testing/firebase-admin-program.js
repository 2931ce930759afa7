// A sender of messages that is built on firebase-admin, as its documentation says to.
import { cert, initializeApp } from "firebase-admin/app";
import { getMessaging } from "firebase-admin/messaging";
import { serveCalls } from "./serve-calls.js";

let messaging;
let apps = 0;

const outcome = ({ messageId, error }) => messageId ?? { code: error.code, message: error.message };

serveCalls({
  use(serviceAccount, options = {}) {
    messaging = getMessaging(initializeApp({ credential: cert(serviceAccount), ...options }, `app-${(apps += 1)}`));
  },
  async send(message, isDryRun) {
    // What it refuses itself it throws, where what FCM refuses is a promise that rejects.
    try {
      return outcome({ messageId: await messaging.send(message, isDryRun) });
    } catch (error) {
      return outcome({ error });
    }
  },
  async sendEach(messages) {
    return (await messaging.sendEach(messages)).responses.map(outcome);
  },
  async sendEachForMulticast(message) {
    const { successCount, failureCount, responses } = await messaging.sendEachForMulticast(message);
    return { successCount, failureCount, responses: responses.map(outcome) };
  },
});
