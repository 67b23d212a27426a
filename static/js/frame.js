// The frame in which a call stands: of another origin, shut off from this page, and gone in one go when it has to be.
const LENT = ["camera", "microphone", "display-capture", "autoplay"];
// Its own origin it keeps, or no meeting page would work; it may never lead this page away, whatever is pressed in it.
const MAY = "allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-popups-to-escape-sandbox";

// A new frame each time, since another address in an old one would stay in the history.
export function makeFrame(place, origin, title) {
  const frame = document.createElement("iframe");
  frame.title = title;
  frame.setAttribute("sandbox", MAY);
  frame.setAttribute("allow", LENT.map((feature) => `${feature} ${origin}`).join("; "));
  frame.setAttribute("referrerpolicy", "no-referrer");
  frame.src = "/call/frame";
  place.append(frame);
  return frame;
}
