// Shows a password while it is typed, for whoever is alone; without script it stays covered and works as well.
for (const button of document.querySelectorAll("[data-shows]")) {
  const field = document.getElementById(button.dataset.shows);
  button.hidden = false;
  button.addEventListener("click", () => {
    const covered = field.type === "password";
    field.type = covered ? "text" : "password";
    button.setAttribute("aria-pressed", String(covered));
    field.focus();
  });
  // Browsers keep what was typed in a field of plain text.
  field.form.addEventListener("submit", () => (field.type = "password"));
}
