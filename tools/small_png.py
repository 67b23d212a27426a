"""Makes a screenshot small: its few dozen commonest colours as a palette, packed as tightly as zlib can."""

from __future__ import annotations

import base64
import struct
import zlib

from playwright.sync_api import Page

COLOURS = 32

# The browser reads the picture, which Python alone would take minutes to do: the commonest colours, and each dot as the
# nearest of them.
REDUCE = """async ([png, most]) => {
  const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  const drawing = canvas.getContext("2d");
  drawing.drawImage(image, 0, 0);
  const dots = new Uint32Array(drawing.getImageData(0, 0, image.width, image.height).data.buffer);
  const counts = new Map();
  for (const dot of dots) counts.set(dot, (counts.get(dot) || 0) + 1);
  const parts = (dot) => [dot & 255, (dot >> 8) & 255, (dot >> 16) & 255];
  const distance = (a, b) => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
  const palette = [];
  // First colours that stand well apart, or a small drawing would lose its own; then finer steps for shadows and edges.
  const common = [...counts].sort((a, b) => b[1] - a[1]).map(([dot]) => parts(dot));
  for (const [apart, room] of [[400, 0.6], [20, 0.9], [4, 1]]) {
    for (const colour of common) {
      if (palette.length >= most * room) break;
      if (palette.every((other) => distance(colour, other) > apart)) palette.push(colour);
    }
  }
  const nearest = new Map();
  for (const dot of counts.keys()) {
    let best = 0;
    palette.forEach((colour, index) => {
      if (distance(colour, parts(dot)) < distance(palette[best], parts(dot))) best = index;
    });
    nearest.set(dot, best);
  }
  const bytes = Uint8Array.from(dots, (dot) => nearest.get(dot));
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  return { width: image.width, height: image.height, palette: palette.flat(), dots: btoa(text) };
}"""


def shrink(page: Page, png: bytes) -> bytes:
    """The same picture as a PNG with a palette. ``page`` is any blank page."""
    seen = page.evaluate(REDUCE, [base64.b64encode(png).decode(), COLOURS])
    width, dots = seen["width"], base64.b64decode(seen["dots"])
    rows = b"".join(b"\0" + dots[at : at + width] for at in range(0, len(dots), width))
    header = struct.pack(">IIBBBBB", width, seen["height"], 8, 3, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"PLTE", bytes(seen["palette"])), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
