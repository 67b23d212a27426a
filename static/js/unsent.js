// Shows the taps that wait for a connection, each with a way to take it back. Nothing of them is written to the disk.
const SOON_MS = 1500; // what is answered by then never shows up here

export function mountUnsent(takeBack) {
  const box = document.getElementById("unsent");
  const list = document.getElementById("unsent-list");
  const row = document.getElementById("unsent-row");

  function show(tap) {
    tap.row = document.importNode(row.content, true).firstElementChild;
    tap.row.querySelector("span").textContent = tap.label;
    tap.row.querySelector("button").addEventListener("click", () => takeBack(tap));
    list.append(tap.row);
    box.hidden = false;
  }

  return {
    watch(tap) {
      tap.timer = setTimeout(() => {
        tap.form.dataset.state = "waiting";
        show(tap);
      }, SOON_MS);
    },
    forget(tap) {
      clearTimeout(tap.timer);
      if (tap.row) tap.row.remove();
      box.hidden = !list.children.length;
    },
  };
}
