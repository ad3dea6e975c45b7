# Dependencies of package.json that the bundle is made without: they check, test and generate.
[
  "@biomejs/biome"
  "@types/node"
  "@types/semver"
  "@types/ssh2"
  "fast-check"
  "json-schema-to-typescript"
  "typescript"
  "vitest"
]
