import { phoneOf } from "../react-native-callkeep/phone.js";

export const callingApp = phoneOf(() => import("./app/index.js"));
