// Measures what a tech helper may need, only when she has pressed "Measure and share", and puts it into that form.
export async function measure(form, link) {
  const connection = navigator.connection || {};
  put(form, "browser", browserName(navigator.userAgent));
  put(form, "round_trip_ms", await roundTrip());
  put(form, "drops", Math.min(link.drops, 1000));
  put(form, "connection", (connection.effectiveType || connection.type || "").slice(0, 20));
  put(form, "battery_percent", await battery());
}

function put(form, name, value) {
  form.elements[name].value = value === null ? "" : String(value);
}

// Make, version and kind of device: enough to know what to try, and less than the whole identification.
function browserName(agent) {
  const makes = [["Edg", "Edge"], ["OPR", "Opera"], ["SamsungBrowser", "Samsung"], ["Firefox", "Firefox"], ["FxiOS", "Firefox"], ["CriOS", "Chrome"], ["Chrome", "Chrome"], ["Version", "Safari"]];
  const make = makes.find(([token]) => agent.includes(`${token}/`));
  const version = make ? agent.split(`${make[0]}/`)[1].split(".")[0] : "";
  const device = ["iPhone", "iPad", "Android", "Windows", "Macintosh", "Linux"].find((name) => agent.includes(name)) || "";
  return `${make ? make[1] : ""} ${version} ${device}`.trim().slice(0, 60);
}

async function roundTrip() {
  const began = performance.now();
  try {
    await fetch("/health/live", { cache: "no-store" });
    return Math.round(performance.now() - began);
  } catch (lost) {
    return null;
  }
}

async function battery() {
  if (!navigator.getBattery) return null;
  try {
    return Math.round((await navigator.getBattery()).level * 100);
  } catch (refused) {
    return null;
  }
}
