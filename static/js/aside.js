// "Hide": an ordinary page in the place of this one. The connection, the line and everything typed stay as they are;
// what would be said aloud waits until she is back.
const root = document.documentElement;

export function mountAside(leave) {
  const button = document.getElementById("hide");
  const kept = document.getElementById("aside");
  if (!button || !kept) return;
  const page = document.importNode(kept.content, true).firstElementChild;
  const back = page.querySelector("#aside-back");
  const title = document.title;
  let place = 0;

  button.addEventListener("click", (event) => {
    event.preventDefault();
    place = scrollY;
    root.classList.add("aside-shown");
    document.body.append(page);
    document.title = back.textContent;
    scrollTo(0, 0);
    back.focus({ preventScroll: true });
  });
  back.addEventListener("click", () => {
    root.classList.remove("aside-shown");
    page.remove();
    document.title = title;
    scrollTo(0, place);
    button.focus({ preventScroll: true });
    document.dispatchEvent(new CustomEvent("aside-closed"));
  });
  page.querySelector("#aside-close").addEventListener("click", leave);
}
