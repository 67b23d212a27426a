// Makes or uses a passkey with the device's own dialog, then sends the form that stands on the page.
const forms = document.querySelectorAll("form[data-passkey]");
if (window.PublicKeyCredential && navigator.credentials) forms.forEach(mount);

function mount(form) {
  const host = form.dataset.host;
  // A passkey belongs to one name; a page that was opened by another name, or by a number, cannot use it.
  if (location.hostname !== host && !location.hostname.endsWith(`.${host}`)) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    act(form);
  });
}

async function act(form) {
  const button = form.querySelector("button");
  const failed = form.querySelector("[data-failed]");
  button.disabled = true;
  failed.hidden = true;
  try {
    const publicKey = read(JSON.parse(form.dataset.options));
    const make = form.dataset.passkey === "create";
    const made = await (make ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
    form.elements.credential.value = JSON.stringify(written(made));
    form.submit();
  } catch (stopped) {
    failed.hidden = false;
    button.disabled = false;
    button.focus();
  }
}

function read(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const name of ["allowCredentials", "excludeCredentials"]) {
    for (const known of options[name] || []) known.id = bytes(known.id);
  }
  return options;
}

function written(made) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = text(made.response[name]);
  }
  return { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} };
}

function bytes(base64url) {
  const plain = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

function text(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
