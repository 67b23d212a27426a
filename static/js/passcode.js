// Covers the passcode while it is typed, for somebody who is not alone; uncovered at first, so that it is easy to check.
export function mountPasscode() {
  const field = document.getElementById("passcode");
  const cover = document.getElementById("passcode-cover");
  if (!cover) return;

  cover.hidden = false;
  cover.addEventListener("click", () => {
    const covered = field.type === "text";
    field.type = covered ? "password" : "text";
    cover.setAttribute("aria-pressed", String(covered));
    field.focus();
  });
}
