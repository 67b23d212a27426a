"""What is asked of a page by script: what axe finds, what sticks out, what a thumb misses, what a glance learns."""

from __future__ import annotations

from pathlib import Path

import axe_playwright_python

NARROW = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 800}
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text()
# The rest of what axe looks at is in the document, whatever its width and colours.
WHAT_A_WIDTH_CHANGES = ["color-contrast", "target-size", "scrollable-region-focusable", "region"]
RUN_AXE = """async (only) => {
  const rules = only.length ? {} : { "target-size": { enabled: true } };
  const runOnly = only.length ? { runOnly: { type: "rule", values: only } } : {};
  const { violations } = await axe.run(document, { rules, resultTypes: ["violations"], ...runOnly });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(" ")).join(" | ")}`);
}"""

# How much wider the page is than the screen, and what sticks out.
SIDEWAYS = """() => {
  const room = document.documentElement.clientWidth;
  const extra = document.documentElement.scrollWidth - room;
  if (extra <= 0) return "";
  const out = [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > room + 1);
  return `${extra} px: ${out.map((one) => one.id || one.className || one.localName).slice(-3).join(", ")}`;
}"""
OPEN_ALL = 'document.querySelectorAll("#main details, #panel details").forEach((one) => (one.open = true))'

# What is pressed or filled in and is smaller than 48 px, or nearer than 8 px to the next. A tick and its label are one.
THUMBS = """() => {
  const spots = [...document.querySelectorAll("button, summary, a.button, select, textarea, input, .tick")]
    .filter((one) => one.checkVisibility() && !one.matches(".tick *, .avatar-choice input, [type=hidden]"))
    .map((one) => ({ one, at: one.getBoundingClientRect(), says: one.textContent.trim().slice(0, 30) || one.name }));
  const found = spots
    .filter(({ at }) => at.width < 47.5 || at.height < 47.5)
    .map(({ at, says }) => `${says}: ${at.width} x ${at.height} px`);
  spots.forEach((a, index) => spots.slice(index + 1).forEach((b) => {
    if (a.one.contains(b.one) || b.one.contains(a.one)) return;
    const across = Math.max(a.at.left, b.at.left) - Math.min(a.at.right, b.at.right);
    const down = Math.max(a.at.top, b.at.top) - Math.min(a.at.bottom, b.at.bottom);
    if (Math.max(across, down) < 7.5) found.push(`${a.says}, ${b.says}: ${Math.max(across, down)} px apart`);
  }));
  return found;
}"""

# Everything in the document that could tell a glance, a history or a preview what this is.
HEAD = """() => ({
  title: document.title,
  lang: document.documentElement.lang,
  dir: document.documentElement.dir,
  headings: [...document.querySelectorAll("h1")].map((one) => one.textContent.trim()),
  metas: [...document.querySelectorAll("meta")].map((one) => one.name || one.getAttribute("property") || ""),
  links: [...document.querySelectorAll("link")].map((one) => one.rel),
  addresses: [...document.querySelectorAll("[href], [action], [src]")]
    .map((one) => one.getAttribute("href") || one.getAttribute("action") || one.getAttribute("src"))
    .filter((address) => address.startsWith("/")),
  outward: [...document.querySelectorAll("[href], [src]")]
    .map((one) => one.getAttribute("href") || one.getAttribute("src"))
    .filter((address) => /^(https?:)?\\/\\//.test(address)),
  // What the keyboard reaches first: the way past the bar, leaving, and hiding.
  first: [...document.querySelectorAll("a[href], button, summary, input, select")].slice(0, 3)
    .map((one) => one.id || one.parentNode.id || one.className),
  fields: [...document.querySelectorAll("input, textarea")]
    .filter((one) => !["hidden", "radio", "checkbox"].includes(one.type) && !one.hidden)
    .map((one) => ({
      name: one.name,
      type: one.type,
      autocomplete: one.autocomplete || (one.form && one.form.getAttribute("autocomplete")) || "",
      spellcheck: one.getAttribute("spellcheck"),
    })),
})"""

THEMES = ("dawn", "sea", "heather", "dusk", "night")
COLOURS = tuple((theme, contrast) for contrast in ("", "more") for theme in THEMES)
# Colours alone change with a theme, so in each of them axe looks at colours alone.
IN_COLOURS = """async (colours) => {
  const root = document.documentElement;
  const found = {};
  const before = [root.dataset.theme, root.dataset.contrast];
  for (const [theme, contrast] of colours) {
    root.dataset.theme = theme;
    if (contrast) root.dataset.contrast = contrast;
    else delete root.dataset.contrast;
    const { violations } = await axe.run(document, {
      runOnly: { type: "rule", values: ["color-contrast"] }, resultTypes: ["violations"], selectors: false,
    });
    const nodes = violations.flatMap((violation) => violation.nodes);
    const said = nodes.map((node) => `${node.html.slice(0, 80)} ${node.any[0].message}`);
    if (said.length) found[`${theme} ${contrast}`.trim()] = said;
  }
  [root.dataset.theme, root.dataset.contrast] = before;
  if (!before[0]) delete root.dataset.theme;
  if (!before[1]) delete root.dataset.contrast;
  return found;
}"""
ROOMY = "document.documentElement.dataset.room = 'roomy'"
# WCAG 1.4.12: what somebody may set for herself must cut nothing off.
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
    word-spacing: 0.16em !important; } p { margin-block-end: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}"""
AS_IT_WAS = "document.adoptedStyleSheets = []; delete document.documentElement.dataset.room"
