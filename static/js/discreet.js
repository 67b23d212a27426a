// Loaded by every page before anything private: what covers it, hides it, leaves it, and leaves nothing for Back.
import { mountAside } from "./aside.js";
import { mountCover } from "./cover.js";
import { mountLeave } from "./leave.js";
import { mountPasscode } from "./passcode.js";

document.documentElement.classList.add("scripted");
mountCover();
mountAside(mountLeave());
mountPasscode();
startPanel();

// What makes a panel live is fetched only now. A module runs when the sheets before it are there, so on a weak line the
// page is drawn first, and until then every button is a plain form.
function startPanel() {
  const panel = document.getElementById("panel");
  if (!panel) return;
  // The second is of use inside a call alone: where it cannot be had, the panel goes on without.
  [panel.dataset.script, panel.dataset.inside].filter(Boolean).forEach((source) => {
    const script = document.createElement("script");
    script.type = "module";
    script.src = source;
    document.head.append(script);
  });
}
