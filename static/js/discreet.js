// Loaded by every page before anything private: what covers it, hides it, leaves it, and leaves nothing for Back.
import { mountAside } from "./aside.js";
import { mountCover } from "./cover.js";
import { mountLeave } from "./leave.js";

document.documentElement.classList.add("scripted");
mountCover();
mountAside(mountLeave());
