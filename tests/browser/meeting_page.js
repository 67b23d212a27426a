// What a meeting page says to the page around it, as jitsi-meet's own API does: postis below, events and requests above.
const number = (location.hash.match(/jitsi_meet_external_api_id=(\d+)/) || [])[1];
const scope = `jitsi_meet_external_api_${number}`;
const ours = `${Date.now()}${Math.random()}`;
const kept = [];
let ready = false;

function post(method, params) {
  // The real one knows no better either than to post to whoever is around it.
  parent.postMessage(JSON.stringify({ postis: true, scope, method, params }), "*");
}
const knocking = setInterval(() => post("__ready__", ours), 50);

function tell(data) {
  if (!ready) kept.push(data);
  else post("message", { type: "event", data });
}

addEventListener("message", async ({ data }) => {
  let said;
  try { said = JSON.parse(data); } catch (unreadable) { return; }
  if (!said || !said.postis || said.scope !== scope) return;
  if (said.method === "__ready__") {
    if (said.params !== ours) return post("__ready__", said.params);
    clearInterval(knocking);
    ready = true;
    kept.splice(0).forEach(tell);
    return;
  }
  const { type, id, data: what } = said.params;
  if (type === "event") await send("/command", { name: what.name, data: what.data });
  if (type === "request") {
    const answer = await (await send("/request", { name: what.name })).json();
    if (answer.known) post("message", { type: "response", id, result: answer.result });
  }
});

const page = Math.random().toString(36).slice(2);
const send = (path, more) => fetch(path, { method: "POST", body: JSON.stringify({ page, ...more }) });
const words = document.getElementById("words");
let mine = "";

function hear(event) {
  if (event.name === "moved") {
    // Out of one room and into the next, as moveToRoom does it.
    tell({ name: "video-conference-left", roomName: "" });
    return join(event.room);
  }
  if (event.name === "broken") return (words.textContent = "broken");
  return tell(event);
}

let source = null;
async function join(room) {
  if (source) source.close();
  const token = new URLSearchParams(location.search).get("jwt");
  const answer = await send("/join", { token, room: room || location.pathname.slice(1), same: mine });
  if (!answer.ok) return (words.textContent = "you may not enter");
  mine = (await answer.json()).number;
  words.textContent = `in the call as ${mine}`;
  source = new EventSource(`/events?page=${page}`);
  source.onmessage = ({ data }) => hear(JSON.parse(data));
}
join("");
