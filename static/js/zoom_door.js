// The page that Zoom opens, where it stands in a frame of Zoom's own page: the link opens in her own browser.
import { default as zoom } from "../vendor/zoom-appssdk/zoom-appssdk.esm.min.js";

const link = document.getElementById("own-browser");

if (link) {
  zoom.config({ capabilities: ["openUrl"], version: "0.16" }).then(
    ({ unsupportedApis }) => {
      if ((unsupportedApis || []).includes("openUrl")) return;
      link.addEventListener("click", (event) => {
        event.preventDefault();
        zoom.openUrl({ url: link.href });
      });
    },
    () => {}, // no Zoom around it: a link like any other
  );
}
