#!/usr/bin/env node
// The same as `nci`, from the sources; needs Node 24, which `npm ci` brings along in node_modules/.bin.
import { join } from 'node:path'
import { main } from '../src/main.ts'

await main(join(import.meta.dirname, '..'))
