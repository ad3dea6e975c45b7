import { join } from 'node:path'

/** Where the document stands that tells how true the lab is. */
export const fidelityFile = join(import.meta.dirname, '../../../src/lab/FIDELITY.md')
