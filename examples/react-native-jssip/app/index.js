// The app of ../react-native-callkeep on JsSIP: what differs is the SIP phone, and that JsSIP uses the media engine itself.
import { setUpCalls } from "../../react-native-callkeep/app/calls";
import { setUpPushes } from "../../react-native-callkeep/app/push";
import { createSipPhone } from "./sip-phone";
import { registerGlobals } from "./webrtc";

registerGlobals();
setUpPushes(setUpCalls(createSipPhone));
