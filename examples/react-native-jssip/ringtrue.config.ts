import { reactNativeConfig } from "../react-native-callkeep/react-native-config.ts";

export default reactNativeConfig("React Native example on JsSIP", new URL("adapter.js", import.meta.url));
