/** Makes `dist/` and oclif's manifest: what `bin/nci` runs. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Plugin } from '@oclif/core'
import { type BuildOptions, build, type Plugin as EsbuildPlugin } from 'esbuild'
import { projectRoot } from './schema.ts'

const common: BuildOptions = {
  absWorkingDir: projectRoot,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  target: 'node24',
  // Node 24 has `using`; what esbuild makes of it keeps an error of one turn of a loop for the next.
  supported: { using: true },
  minifySyntax: true,
  minifyWhitespace: true,
  keepNames: true,
  legalComments: 'linked',
  logLevel: 'warning',
  // Optional add-ons and tools that are looked for and not needed.
  external: ['cpu-features', '*.node', 'ts-node', 'tsx', 'typescript', '@mongodb-js/zstd', 'node-liblzma'],
}

/** What is a file of its own, so that it is read only by those who need it: libraries and large tables. */
const apart: Readonly<Record<string, string>> = {
  undici: 'undici',
  ssh2: 'ssh2',
  execa: 'execa',
  listr2: 'listr2',
  otpauth: 'otpauth',
  'js-yaml': 'js-yaml',
  '../generated/validators.js': './src/generated/validators.js',
  '../generated/schemas.ts': './src/generated/schemas.ts',
}

const keepApart: EsbuildPlugin = {
  name: 'keep-apart',
  setup({ onResolve }) {
    onResolve({ filter: /\/lab\/sandbox\.ts$/ }, () => ({ path: './lab/sandbox.mjs', external: true }))
    onResolve({ filter: /./ }, ({ path, kind }) =>
      path in apart && kind === 'dynamic-import'
        ? { path: `./${fileName(path)}.cjs`, external: true }
        : undefined,
    )
  },
}

/** What oclif loads at its start for things that this program does not do, or does seldom. */
const oclifLater: EsbuildPlugin = {
  name: 'oclif-later',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(tinyglobby|ejs|minimatch|semver)$/ }, ({ path, importer }) =>
      importer.includes('/@oclif/core/') ? { path, namespace: 'oclif-later' } : undefined,
    )
    onLoad({ filter: /./, namespace: 'oclif-later' }, ({ path }) => ({
      resolveDir: projectRoot,
      contents:
        path === 'semver'
          ? // It asks whether Node is new enough for it: bin/start.cjs has.
            'exports.satisfies = () => true'
          : `for (const name of ${JSON.stringify(lazyFunctions[path])}) exports[name] = (...args) => require('${path}')[name](...args)`,
    }))
  },
}
const lazyFunctions: Readonly<Record<string, readonly string[]>> = {
  tinyglobby: ['glob'],
  ejs: ['render'],
  minimatch: ['minimatch'],
}

function fileName(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.\w+$/, '')
}

rmSync(join(projectRoot, 'dist'), { recursive: true, force: true })
await build({
  ...common,
  entryPoints: { nci: 'src/main.ts' },
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  // `require` is quicker than the loader of ES modules.
  supported: { ...common.supported, 'dynamic-import': false },
  plugins: [keepApart, oclifLater],
})
await build({
  ...common,
  entryPoints: Object.fromEntries(Object.entries(apart).map(([path, source]) => [fileName(path), source])),
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
})
await build({
  ...common,
  entryPoints: {
    sandbox: 'src/lab/sandbox.ts',
    'nixos-anywhere': 'src/lab/stand-in/nixos-anywhere.ts',
    nix: 'src/lab/stand-in/nix.ts',
  },
  outdir: 'dist/lab',
  outExtension: { '.js': '.mjs' },
  format: 'esm',
  splitting: true,
  // Some of its libraries are CommonJS and expect what Node gives to such modules.
  banner: {
    js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url), __dirname = import.meta.dirname, __filename = import.meta.filename;",
  },
})

// The manifest spares oclif from loading every command to know its flags.
const manifest = join(projectRoot, 'oclif.manifest.json')
rmSync(manifest, { force: true })
const plugin = new Plugin({
  root: projectRoot,
  type: 'core',
  ignoreManifest: true,
  errorOnManifestCreate: true,
})
await plugin.load()
writeFileSync(manifest, `${JSON.stringify(plugin.manifest)}\n`)
