// Unpacks the packed Chromium into the folder named, with the libraries and fonts that a bare machine lacks.
import { spawnSync } from "node:child_process";
import { createReadStream, createWriteStream, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";

const from = join(import.meta.dirname, "node_modules/@sparticuz/chromium/bin");
const to = process.argv[2];
mkdirSync(to, { recursive: true });

for (const packed of readdirSync(from)) {
  const unpacked = join(to, packed.replace(/\.br$/, "").replace(/^chromium$/, "chromium-bin"));
  await pipeline(
    createReadStream(join(from, packed)),
    createBrotliDecompress(),
    createWriteStream(unpacked, { mode: 0o755 }),
  );
  if (!unpacked.endsWith(".tar")) continue;
  const { status } = spawnSync("tar", ["-xf", unpacked, "--no-same-owner", "-C", to], { stdio: "inherit" });
  if (status !== 0) process.exit(1);
  rmSync(unpacked);
}

writeFileSync(
  join(to, "fonts.conf"),
  `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>${join(to, "fonts")}</dir>
  <cachedir>${join(to, "font-cache")}</cachedir>
</fontconfig>
`,
);
writeFileSync(
  join(to, "chromium"),
  `#!/bin/sh
here=$(dirname "$0")
export LD_LIBRARY_PATH="$here/lib\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}" FONTCONFIG_FILE="$here/fonts.conf"
exec "$here/chromium-bin" "$@"
`,
  { mode: 0o755 },
);
