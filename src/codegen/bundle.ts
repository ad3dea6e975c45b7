/** Makes `dist/` and oclif's manifest: what `bin/nci` runs. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Plugin } from '@oclif/core'
import { type BuildOptions, build } from 'esbuild'
import { projectRoot } from './schema.ts'

const common: BuildOptions = {
  absWorkingDir: projectRoot,
  bundle: true,
  platform: 'node',
  target: 'node24',
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'linked',
  logLevel: 'warning',
  // ssh2's optional add-ons, which are not used; the plugin that oclif would load for typescript sources.
  external: ['cpu-features', '*.node', 'ts-node', 'tsx', 'typescript'],
}

await build({
  ...common,
  entryPoints: { nci: 'src/cli/main.ts' },
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
})

// The manifest spares oclif from loading every command to know its flags.
rmSync(join(projectRoot, 'oclif.manifest.json'), { force: true })
const plugin = new Plugin({
  root: projectRoot,
  type: 'core',
  ignoreManifest: true,
  errorOnManifestCreate: true,
})
await plugin.load()
writeFileSync(join(projectRoot, 'oclif.manifest.json'), `${JSON.stringify(plugin.manifest)}\n`)
