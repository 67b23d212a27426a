// What goes wrong in a Jitsi call, as its page tells it, and what is well again.
export function troublesOf(report, fails) {
  return {
    "mic-error": () => report().trouble("microphone"),
    "camera-error": () => report().trouble("camera"),
    "audio-availability-changed": ({ available }) => available && report().well("microphone"),
    "video-availability-changed": ({ available }) => available && report().well("camera"),
    "suspend-detected": () => report().trouble("connection"),
    // Two alone first try without the server; that it fails there is no trouble.
    "peer-connection-failure": ({ isP2P }) => isP2P || report().trouble("connection"),
    "error-occurred": ({ error }) => {
      if (!error || !error.isFatal) return;
      report().trouble("connection");
      fails(); // its own way back needs the token that has run out by now
    },
  };
}
