'use strict'
// Old syntax on purpose: an old Node must get as far as the sentence.
if (Number(process.versions.node.split('.')[0]) < 24) {
  process.stderr.write(
    'nci needs Node.js 24 or newer, and this is ' +
      process.versions.node +
      ': install a newer one from https://nodejs.org.\n',
  )
  process.exit(2)
}
var path = require('node:path')
var root = path.join(__dirname, '..')
if (!require('node:fs').existsSync(path.join(root, 'dist', 'nci.cjs'))) {
  process.stderr.write(`nci is not built yet: run \`npm ci\` (or \`npm run build\`) in ${root}.\n`)
  process.exit(2)
}
require('node:module').enableCompileCache()
require('../dist/nci.cjs').main(root)
