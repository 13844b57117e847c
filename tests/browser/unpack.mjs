// Unpacks Chromium with its libraries and fonts beside this file and writes `chromium.sh`, which starts it with them.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const here = import.meta.dirname;
const unpacked = join(here, "unpacked");
mkdirSync(unpacked);

// The package unpacks into the temporary folder, and brings its libraries along only where it believes itself on Lambda.
process.env.TMPDIR = unpacked;
process.env.AWS_EXECUTION_ENV = "AWS_Lambda_nodejs22.x";
const { default: chromium } = await import("@sparticuz/chromium");
await chromium.executablePath();

const missing = ["chromium", "al2023", "fonts"].filter((name) => !readdirSync(unpacked).includes(name));
if (missing.length) throw new Error(`the browser package no longer brings ${missing.join(", ")}`);

// Its own fonts.conf names folders of Lambda; without a font every text is nothing wide. This one goes wherever it is put.
const fonts = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
writeFileSync(join(unpacked, "fonts", "fonts.conf"), fonts);

const launcher = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")/unpacked
export LD_LIBRARY_PATH="$here/al2023/lib" FONTCONFIG_PATH="$here/fonts"
exec "$here/chromium" "$@"
`;
writeFileSync(join(here, "chromium.sh"), launcher, { mode: 0o755 });
rmSync(join(here, "node_modules"), { recursive: true });
