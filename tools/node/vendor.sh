#!/usr/bin/env bash
# Fetches static/vendor anew, at the versions and hashes of tools/node/package-lock.json; the result is the same each time.
set -euo pipefail
cd "$(dirname "$0")"
export PATH="$PWD/../../.venv/bin:$PATH"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error

vendor=../../static/vendor
client=$vendor/socket.io-client
morph=$vendor/idiomorph
zoom=$vendor/zoom-appssdk
mkdir -p "$client" "$morph" "$zoom"

# The source map stays behind, and with it the comment that would have browsers ask for it.
sed '/^\/\/# sourceMappingURL=/d' node_modules/socket.io-client/dist/socket.io.esm.min.js >"$client/socket.io.esm.min.js"
cp node_modules/socket.io-client/LICENSE "$client/LICENSE"

# As published it uses `?.` and `||=`, which the oldest phones we promise cannot parse.
version=$(node -p 'require("./node_modules/idiomorph/package.json").version')
node_modules/.bin/esbuild node_modules/idiomorph/dist/idiomorph.esm.js --target=es2019 --format=esm --minify \
  --charset=utf8 --log-level=warning --banner:js="/*! idiomorph $version, Zero-Clause BSD */" \
  --outfile="$morph/idiomorph.esm.min.js" --allow-overwrite
cp node_modules/idiomorph/LICENSE "$morph/LICENSE"

# Published for bundlers, and twice as long as it need be.
version=$(node -p 'require("./node_modules/@zoom/appssdk/package.json").version')
node_modules/.bin/esbuild node_modules/@zoom/appssdk/dist/sdk.es.js --target=es2019 --format=esm --minify \
  --charset=utf8 --log-level=error --legal-comments=eof --banner:js="/*! @zoom/appssdk $version, MIT */" \
  --outfile="$zoom/zoom-appssdk.esm.min.js" --allow-overwrite
cp node_modules/@zoom/appssdk/LICENSE.md "$zoom/LICENSE"

echo "Put these sums into static/vendor/README.md:"
(cd $vendor && sha256sum ./*/*.js)
