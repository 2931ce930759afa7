// The app as a target of `ringtrue run`: see ringtrue.config.ts.
import { serveReactNativeApp } from "ringtrue/react-native";
import { callingApp } from "./phone.js";

serveReactNativeApp({ ...callingApp, app: { name: "React Native example on JsSIP", version: "1.0.0" } });
