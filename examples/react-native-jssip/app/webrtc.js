// The media engine. On a phone this file is `export { registerGlobals } from "react-native-webrtc"`; here its connections agree on
// the form of a session and open no device.
import { answerTo, offer } from "../../react-native-callkeep/app/media";

class PeerConnection extends EventTarget {
  iceConnectionState = "new";
  iceGatheringState = "complete";
  signalingState = "stable";
  localDescription = null;
  remoteDescription = null;

  async setRemoteDescription(description) {
    this.remoteDescription = description;
  }

  async setLocalDescription(description) {
    this.localDescription = description;
  }

  async createAnswer() {
    return { type: "answer", sdp: answerTo(this.remoteDescription.sdp) };
  }

  async createOffer() {
    return { type: "offer", sdp: offer() };
  }

  addTrack() {}

  getSenders() {
    return [];
  }

  close() {
    this.signalingState = "closed";
  }
}

function SessionDescription({ type, sdp }) {
  return { type, sdp };
}

const noTracks = { getTracks: () => [], getAudioTracks: () => [], getVideoTracks: () => [] };

export function registerGlobals() {
  globalThis.RTCPeerConnection = PeerConnection;
  globalThis.RTCSessionDescription = SessionDescription;
  Object.defineProperty(globalThis.navigator, "mediaDevices", {
    value: { getUserMedia: async () => noTracks },
    configurable: true,
  });
}
