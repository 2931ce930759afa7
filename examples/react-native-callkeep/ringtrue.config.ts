import { reactNativeConfig } from "./react-native-config.ts";

export default reactNativeConfig("React Native example on sip.js", new URL("adapter.js", import.meta.url));
