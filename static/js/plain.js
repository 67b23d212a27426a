// The plain road: posts the form as a browser without script would, and takes the drawn page as the answer.
import { swap } from "./swap.js";

const AWAY = [502, 503, 504]; // not kept: the same tap is sent again

export async function post(panel, tap) {
  const body = new URLSearchParams();
  Object.keys(tap.fields).forEach((name) => body.append(name, asText(tap.fields[name])));
  // The page's own value and the fields make the id, so a repeat of this very request has no second effect.
  tap.stamp = tap.stamp || panel.dataset.tap;
  body.append("tap", tap.stamp);
  try {
    const response = await fetch(`/act/${tap.name}`, { method: "POST", body, credentials: "same-origin" });
    return read(panel, response, await response.text());
  } catch (lost) {
    return null;
  }
}

function read(panel, response, html) {
  if (response.status === 401) return { ok: false, code: "no_access" };
  if (AWAY.includes(response.status)) return null;
  const page = new DOMParser().parseFromString(html, "text/html");
  const sentence = page.querySelector("#refusal, .state-line");
  const say = sentence ? sentence.textContent.trim() : "";
  if (response.status === 429) return { ok: false, again: 10, say };
  if (response.status >= 500) return { ok: false, code: "our_fault", say }; // trying for ever would hold up all others
  const fresh = page.getElementById("panel");
  if (!fresh) return { ok: false, code: "no_access" };
  panel.dataset.tap = fresh.dataset.tap;
  panel.dataset.number = fresh.dataset.number;
  fresh.querySelectorAll("[data-region]").forEach((region) => swap(panel, region.dataset.region, region.outerHTML));
  panel.dispatchEvent(new CustomEvent("drawn"));
  return response.ok ? { ok: true } : { ok: false, code: "", say };
}

function asText(value) {
  return value === true ? "yes" : value === false ? "no" : String(value);
}
